#!/usr/bin/env python3
"""Packs this project's own sources and documents into testdata/documents: a small real corpus that is ours.

usage: make_documents.py [PROJECT]

Every file of the project that we wrote becomes one document. What is packed lies in one folder a kind, in the forms
that the readers know: jsonl plain, jsonl.gz (of several members), txt. Same sources, same bytes. Needs Python 3.9 and
nothing else.
"""
import json
import os
import pathlib
import shutil
import struct
import sys
import zlib

LANGUAGES = {".java": "java", ".md": "markdown", ".py": "python", ".sh": "shell", ".xml": "xml", ".yaml": "yaml"}
LAUNCHER = "runners/millrace"  # has no ending by which to know it
MADE = ("testdata/documents", "testdata/tokenizers", "testdata/golden")  # made by scripts, not written
RECORDS_A_MEMBER = 20  # a reader that stops after the first member of a .gz loses records


def sources(project):
    """Yields (path, language, text) of every file that we wrote, in the order of the paths."""
    found = []
    for folder, folders, names in os.walk(project):
        inside = pathlib.Path(folder).relative_to(project)
        folders[:] = [name for name in folders
                      if not name.startswith(".") and name != "target" and not name.endswith("-output")
                      and (inside / name).as_posix() not in MADE]
        found += [(inside / name).as_posix() for name in names]
    for path in sorted(found):
        language = "shell" if path == LAUNCHER else LANGUAGES.get(pathlib.PurePosixPath(path).suffix)
        text = (project / path).read_bytes().decode("utf-8") if language else ""
        if text.strip():
            yield path, language, text


def target(path, language):
    """The packed file that a source goes to, relative to testdata/documents."""
    if language == "java":
        module = path.split("/")[0]
        return f"java/{module}-tests.jsonl.gz" if "/src/test/" in path else f"java/{module}.jsonl"
    if language == "markdown":
        return "docs/" + path.replace("/", "-").removesuffix(".md").lower() + ".txt"
    if language == "yaml":
        return "recipes/recipes.jsonl"
    return "scripts/build.jsonl" if language == "xml" else "scripts/scripts.jsonl.gz"


def member(body):
    """One member of a gzip file, without a time or a name (RFC 1952), so that it depends on its content only."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + deflate.compress(body) + deflate.flush()
            + struct.pack("<II", zlib.crc32(body), len(body)))


def packed(name, documents):
    """The bytes of one packed file."""
    if name.endswith(".txt"):
        return documents[0][2].encode("utf-8")
    lines = [json.dumps({"text": text, "meta": {"path": path, "language": language}}, ensure_ascii=False) + "\n"
             for path, language, text in documents]
    if not name.endswith(".gz"):
        return "".join(lines).encode("utf-8")
    return b"".join(member("".join(lines[i:i + RECORDS_A_MEMBER]).encode("utf-8"))
                    for i in range(0, len(lines), RECORDS_A_MEMBER))


def main(project):
    files = {}
    for source in sources(project):
        files.setdefault(target(source[0], source[1]), []).append(source)
    folder = project / "testdata" / "documents"
    if folder.exists():
        shutil.rmtree(folder)
    total = 0
    for name, documents in sorted(files.items()):
        body = packed(name, documents)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
        total += len(body)
        text = sum(len(document[2].encode("utf-8")) for document in documents)
        print(f"{name}: {len(documents)} documents, {text} bytes of text in {len(body)}")
    print(f"{sum(map(len, files.values()))} documents in {len(files)} files of {total} bytes")


if __name__ == "__main__":
    if len(sys.argv) > 2 or any(argument.startswith("-") for argument in sys.argv[1:]):
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]) if sys.argv[1:] else pathlib.Path(__file__).resolve().parent.parent)
