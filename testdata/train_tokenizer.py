#!/usr/bin/env python3
"""Trains a byte-level BPE tokenizer.json on a folder of documents, with nothing but Python 3.9.

usage: train_tokenizer.py DOCUMENTS OUT [--size=8000]

DOCUMENTS is a folder of .jsonl, .jsonl.gz (field "text") and .txt files. OUT is written in the format of Hugging Face's
tokenizers, in GPT-2's form: byte-level pre-tokenizer with its split rule, no prefix blank, no normalizer. The vocabulary
is the special token <|endoftext|> (id 0), the 256 bytes, and merges. Same documents, same bytes.
"""
import collections
import gzip
import heapq
import json
import pathlib
import re
import sys
import unicodedata

END_OF_TEXT = "<|endoftext|>"
# Unicode's White_Space property, which is \s in the library's regular expressions. Python's own holds four more.
BLANK = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


def ranges(category):
    """The characters of a general category ("L": letters) as the inside of a regular expression's class."""
    parts, start = [], None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and unicodedata.category(chr(code))[0] == category
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            parts.append(f"{chr(start)}-{chr(code - 1)}")
            start = None
    return "".join(parts)


def split_rule():
    """GPT-2's rule (gpt-2, encoder.py), written out for a re module that has no \\p{L}."""
    letter, number = ranges("L"), ranges("N")
    return re.compile(f"'(?:s|t|re|ve|m|ll|d)| ?[{letter}]+| ?[{number}]+| ?[^{BLANK}{letter}{number}]+"
                      f"|[{BLANK}]+(?![^{BLANK}])|[{BLANK}]+")


def letters_of_bytes():
    """The printable character that stands for each byte in a vocabulary (gpt-2, encoder.py, bytes_to_unicode)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {**{byte: chr(byte) for byte in printable}, **{byte: chr(256 + i) for i, byte in enumerate(others)}}


def texts(folder):
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".txt":
            yield path.read_bytes().decode("utf-8")
        elif path.name.endswith((".jsonl", ".jsonl.gz")):
            with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as lines:
                for line in lines:
                    yield json.loads(line)["text"]


def merged(word, pair, new):
    """The word with each occurrence of the pair, from the left, as the new symbol."""
    out, i = [], 0
    while i < len(word):
        if i + 1 < len(word) and (word[i], word[i + 1]) == pair:
            out.append(new)
            i += 2
        else:
            out.append(word[i])
            i += 1
    return out


def train(counts, merges):
    """The pairs to merge, best first: the commonest, and of equally common ones the one of the older symbols.

    counts maps a word (bytes) to how often it occurs. Symbols are numbers: the bytes, then one for each merge.
    """
    words = [(list(word), count) for word, count in sorted(counts.items())]
    pairs, where = collections.Counter(), collections.defaultdict(set)
    for index, (word, count) in enumerate(words):
        for pair in zip(word, word[1:]):
            pairs[pair] += count
            where[pair].add(index)
    heap = [(-count, pair) for pair, count in pairs.items()]
    heapq.heapify(heap)
    learned = []
    while heap and len(learned) < merges:
        count, best = heapq.heappop(heap)
        if pairs[best] != -count:
            continue  # counted anew since: its later entry follows
        if -count < 2:
            break
        new = 256 + len(learned)
        learned.append(best)
        changed = set()
        for index in sorted(where.pop(best)):
            word, count = words[index]
            after = merged(word, best, new)
            for pair in zip(word, word[1:]):
                pairs[pair] -= count
                changed.add(pair)
            for pair in zip(after, after[1:]):
                pairs[pair] += count
                changed.add(pair)
                where[pair].add(index)
            words[index] = (after, count)
        for pair in changed:
            if pairs[pair] > 0:
                heapq.heappush(heap, (-pairs[pair], pair))
    return learned


def tokenizer(learned):
    """The content of a tokenizer.json."""
    letters = letters_of_bytes()
    symbols = [letters[byte] for byte in range(256)]
    merges = []
    for left, right in learned:
        merges.append(f"{symbols[left]} {symbols[right]}")
        symbols.append(symbols[left] + symbols[right])
    vocabulary = {token: i for i, token in enumerate([END_OF_TEXT, *sorted(symbols[:256]), *symbols[256:]])}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": 0, "content": END_OF_TEXT, "single_word": False, "lstrip": False, "rstrip": False,
                          "normalized": False, "special": True}],
        "normalizer": None, "pre_tokenizer": byte_level, "post_processor": None, "decoder": byte_level,
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False,
                  "vocab": vocabulary, "merges": merges},
    }


def main(documents, out, size):
    rule = split_rule()
    counts = collections.Counter()
    for text in texts(documents):
        counts.update(rule.findall(text))
    learned = train({word.encode("utf-8"): count for word, count in counts.items()}, size - 257)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(tokenizer(learned), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{out}: {257 + len(learned)} entries from {len(counts)} words, {sum(counts.values())} occurrences")
    if len(learned) < size - 257:
        print(f"fewer than the {size} asked for: no other pair occurs twice in {documents}", file=sys.stderr)


if __name__ == "__main__":
    paths = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    options = [argument for argument in sys.argv[1:] if argument.startswith("--")]
    sizes = [re.fullmatch(r"--size=(\d+)", option) for option in options]
    if len(paths) != 2 or len(sizes) > 1 or None in sizes or any(int(match[1]) < 257 for match in sizes):
        sys.exit(__doc__)
    main(pathlib.Path(paths[0]), pathlib.Path(paths[1]), int(sizes[0][1]) if sizes else 8000)
