#!/usr/bin/env python3
"""Makes a large corpus of real text and code out of what a Debian machine already has.

usage: make_corpus.py OUT [--mb=200] [--seed=1] [--document-kb=4] [--file-mb=32] [--gz]

Sources of a JDK, C headers, Python and Perl libraries, man pages and package documents are cut at line ends into
documents of about --document-kb, and written as {"text", "meta"} to OUT/part-NNNNN.jsonl, of --file-mb each, until --mb
are full (1 MB = 1,000,000 bytes of jsonl). Same machine and options, same bytes; a smaller corpus is the beginning of a
larger one. Where the machine has too little, it goes round again, with a line more in each document so that none is
equal to an earlier one, and says so. The texts keep their own licences: measure with them, pass none on.
"""
import glob
import gzip
import hashlib
import json
import os
import re
import sys
import sysconfig
import zipfile

FOLDERS = ("/usr/include", "/usr/share/doc", "/usr/share/man", "/usr/share/perl", "/usr/lib/python3",
           "/usr/lib/node_modules", "/usr/share/nodejs", sysconfig.get_paths()["stdlib"])
SUFFIXES = (".c", ".css", ".h", ".hpp", ".html", ".java", ".js", ".md", ".pl", ".pm", ".pod", ".py", ".rst", ".ts", ".txt")
LARGEST_FILE = 1 << 20  # few larger files are text
OPTIONS = {"mb": 200, "seed": 1, "document-kb": 4, "file-mb": 32, "gz": 0}


def is_text(path):
    """Whether a file's name says that it holds text: man pages and package documents often have no known ending."""
    name = path.removesuffix(".gz")
    return path.startswith(("/usr/share/man/", "/usr/share/doc/")) or "/include/" in name or name.endswith(SUFFIXES)


def candidates(seed):
    """All (archive, name) of the machine, in an order that is like a shuffled one and always the same."""
    found = set()
    for folder in FOLDERS:
        for parent, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(parent, name)
                if is_text(path) and not os.path.islink(path) and os.path.getsize(path) <= LARGEST_FILE:
                    found.add(("", path))
    archives = sorted({os.path.realpath(path) for path in glob.glob("/usr/lib/jvm/*/lib/src.zip")})
    for archive in filter(os.path.isfile, archives):
        with zipfile.ZipFile(archive) as sources:
            found.update((archive, entry.filename) for entry in sources.infolist()
                         if entry.filename.endswith(".java") and entry.file_size <= LARGEST_FILE)
    return sorted(found, key=lambda file: hashlib.sha256(f"{seed}\0{file[0]}\0{file[1]}".encode()).digest())


def read(archives, archive, name):
    """The text of a file, or None where it is no text."""
    try:
        if archive:
            sources = archives.get(archive) or archives.setdefault(archive, zipfile.ZipFile(archive))
            raw = sources.read(name)
        else:
            with (gzip.open if name.endswith(".gz") else open)(name, "rb") as file:
                raw = file.read(LARGEST_FILE * 8)
        text = raw.decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError):
        return None
    return text if text.strip() and "\0" not in text else None


def documents(text, size):
    """Pieces of whole lines, each ended by the line that fills it."""
    lines, length = [], 0
    for line in text.splitlines(keepends=True):
        lines.append(line)
        length += len(line)
        if length >= size:
            yield "".join(lines)
            lines, length = [], 0
    if lines:
        yield "".join(lines)


def records(files, size):
    """Yields (round, line of jsonl) without end, going round the files again and again."""
    archives, again = {}, 0
    while True:
        some = False
        for archive, name in files:
            text = read(archives, archive, name)
            for number, piece in enumerate(documents(text, size) if text else ()):
                some = True
                salt = f"round {again} of {name}, piece {number}\n" if again else ""
                meta = {"path": name, "piece": number, "language": name.rsplit(".", 1)[-1]}
                yield again, (json.dumps({"text": salt + piece, "meta": meta}, ensure_ascii=False) + "\n").encode("utf-8")
        if not some:
            sys.exit("no text found: install a JDK's sources (openjdk-17-source), or man pages, or C headers")
        again += 1


def main(out, options):
    if os.path.isdir(out) and os.listdir(out):
        sys.exit(f"{out} is not empty: give another folder, or remove it")
    os.makedirs(out, exist_ok=True)
    ending, opener = (".jsonl.gz", lambda path: gzip.GzipFile(path, "wb", 6, mtime=0)) if options["gz"] else (
        ".jsonl", lambda path: open(path, "wb"))
    limit, part = options["mb"] * 1_000_000, options["file-mb"] * 1_000_000
    total = count = in_file = rounds = 0
    file, parts = None, 0
    for again, line in records(candidates(options["seed"]), options["document-kb"] << 10):
        if total + len(line) > limit:
            break
        if again > rounds:
            rounds = again
            print(f"this machine's texts are used up after {total} bytes: going round again with salted documents")
        if file is None or in_file + len(line) > part:
            if file:
                file.close()
            file, parts, in_file = opener(os.path.join(out, f"part-{parts:05d}{ending}")), parts + 1, 0
        file.write(line)
        total, count, in_file = total + len(line), count + 1, in_file + len(line)
    if file:
        file.close()
    print(f"{out}: {count} documents, {total} bytes of jsonl in {parts} files, {rounds + 1} round(s) of this machine's texts")


if __name__ == "__main__":
    chosen, folders = dict(OPTIONS), []
    for argument in sys.argv[1:]:
        match = re.fullmatch(r"--([a-z-]+)=(\d+)", argument + ("=1" if argument == "--gz" else ""))
        if match and match[1] in OPTIONS:
            chosen[match[1]] = int(match[2])
        elif argument.startswith("-"):
            sys.exit(f"unknown option {argument}\n\n{__doc__}")
        else:
            folders.append(argument)
    if len(folders) != 1:
        sys.exit(__doc__)
    main(folders[0], chosen)
