#!/usr/bin/env python3
"""Makes prose and multilingual text out of what a Debian machine already has, for encode.sh.

usage: make_texts.py OUT [--mb=24] [--seed=1]

OUT/prose: English paragraphs of man pages and of package documents, without markup, tables and code, each once.
OUT/multilingual: what programs say in other languages than English (message catalogues), and man pages in them, a
language a document, languages in turn. Both are jsonl of documents of about 4 KB, up to --mb each (1 MB = 1,000,000 bytes
of text). The texts keep their own licences: measure with them, pass none on.
"""
import gettext
import glob
import gzip
import hashlib
import json
import os
import re
import sys

SIZE = 4096
FONT = re.compile(r"\\f(\[\w*\]|\(..|.)|\\[*]?\(..|\\[&|^/,]|\\s[-+]?\d")


def read(path):
    """The text of a file, or nothing."""
    try:
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
            return file.read(1 << 22).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError):
        return ""


def unroff(text):
    """Paragraphs of a man page's source, with no more markup than is easily taken away."""
    lines = []
    for line in text.splitlines():
        if line.startswith((".PP", ".P", ".LP", ".TP", ".SH", ".SS", ".IP", ".Pp", ".It", ".Sh")):
            lines.append("")
        elif not line.startswith((".", "'", "\\\"")):
            lines.append(FONT.sub("", line).replace("\\-", "-").replace("\\e", "\\").replace("\\(", "("))
    return "\n".join(lines)


def is_prose(paragraph):
    """Whether most of a paragraph is words of several sentences."""
    letters = sum(c.isalpha() or c in " \n,.;'" for c in paragraph)
    return len(paragraph) >= 200 and letters >= 0.94 * len(paragraph) and paragraph.count(". ") + paragraph.count(".\n") >= 1


def prose(seed):
    """English paragraphs of the machine, each once, in an order like a shuffled one."""
    files = [path for part in range(1, 9) for path in glob.glob(f"/usr/share/man/man{part}/*")]
    files += [os.path.join(parent, name) for parent, _, names in os.walk("/usr/share/doc") for name in names
              if not name.lower().startswith(("copyright", "changelog", "news"))]
    seen = set()
    for path in sorted(files, key=lambda path: hashlib.sha256(f"{seed}\0{path}".encode()).digest()):
        text = read(path)
        for paragraph in re.split(r"\n\s*\n", unroff(text) if "/man/" in path else text):
            paragraph = paragraph.strip()
            if is_prose(paragraph) and paragraph not in seen:
                seen.add(paragraph)
                yield paragraph


def catalogue(path):
    """The translations of a message catalogue."""
    try:
        with open(path, "rb") as file:
            return [text for key, text in gettext.GNUTranslations(file)._catalog.items() if key and isinstance(text, str)]
    except (OSError, UnicodeDecodeError, ValueError, LookupError, AttributeError):
        return []


def multilingual(seed):
    """Texts of each language in turn."""
    languages = {}
    for path in glob.glob("/usr/share/locale*/*/LC_MESSAGES/*.mo"):
        language = path.split("/")[-3]
        if not language.startswith("en"):
            languages.setdefault(language, []).append(path)
    for path in glob.glob("/usr/share/man/*/man*/*"):
        languages.setdefault(path.split("/")[4], []).append(path)
    queues = {language: iter(sorted(files, key=lambda path: hashlib.sha256(f"{seed}\0{path}".encode()).digest()))
              for language, files in sorted(languages.items())}
    seen = set()
    while queues:
        for language in list(queues):
            path = next(queues[language], None)
            if path is None:
                del queues[language]
                continue
            texts = catalogue(path) if path.endswith(".mo") else re.split(r"\n\s*\n", unroff(read(path)))
            texts = [text for text in texts if len(text) > 20 and text not in seen]
            seen.update(texts)
            if texts:
                yield "\n\n".join(texts)


def write(folder, texts, limit):
    """Documents of about SIZE characters, of one text each or of several."""
    os.makedirs(folder)
    total = count = 0
    document = []
    with open(os.path.join(folder, "part-00000.jsonl"), "w", encoding="utf-8") as file:
        for text in texts:
            pieces = [text[at:at + SIZE] for at in range(0, len(text), SIZE)]
            for piece in pieces:
                document.append(piece)
                if sum(map(len, document)) >= SIZE:
                    whole = "\n\n".join(document)
                    file.write(json.dumps({"text": whole}, ensure_ascii=False) + "\n")
                    total, count, document = total + len(whole.encode("utf-8")), count + 1, []
            if total >= limit:
                break
    print(f"{folder}: {count} documents, {total} bytes of text")


def main(arguments):
    options = {"mb": 24, "seed": 1}
    folders = []
    for argument in arguments:
        match = re.fullmatch(r"--(mb|seed)=(\d+)", argument)
        if match:
            options[match[1]] = int(match[2])
        else:
            folders.append(argument)
    if len(folders) != 1 or folders[0].startswith("-") or os.path.exists(folders[0]):
        sys.exit(__doc__)
    write(os.path.join(folders[0], "prose"), prose(options["seed"]), options["mb"] * 1_000_000)
    write(os.path.join(folders[0], "multilingual"), multilingual(options["seed"]), options["mb"] * 1_000_000)


if __name__ == "__main__":
    main(sys.argv[1:])
