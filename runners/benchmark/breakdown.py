#!/usr/bin/env python3
"""Says what a whole job spends its CPU time on, by the stacks that async-profiler wrote.

usage: breakdown.py STACKS [--cpu=SECONDS] [--frames=N]

STACKS is a file of collapsed stacks with threads, as whole.py --profile makes it. Each sample counts for the first rule
that names a frame of its stack, looked for from the innermost frame outwards. --cpu scales samples to the CPU seconds of
the process; --frames lists so many of the innermost frames of each part as well.
"""
import collections
import re
import sys

THREADS = [
    ("JIT compiler", r"C[12] CompilerThre|Sweeper thread"),
    ("garbage collection", r"GC Thread|G1 |VM Thread|Parallel|Serial"),
]

FRAMES = [
    ("check of the tokenizer before the run", r"EngineC(hoice|heck)"),
    ("gunzip", r"zip/Inflater|zip/CRC32|/gzip/|DecompressedInput|ChannelInput"),
    ("JSON, lines", r"io/document/(Json|Line|Unicode|Ascii)|fasterxml"),
    ("tokenizing", r"transforms/tokenize/(bpe|Java|Shared|Split|Hugging)"),
    ("packing", r"SequencePacker|data/PackedSequence\.|PackBucketFn\.process$"),
    ("coders of elements", r"data/\w+\$\w+Coder|sdk/coders"),
    ("blocks, before grouping", r"sort/Block"),
    ("spools, after grouping", r"sort/Spool|sort/SortedSpool"),
    ("SHA-256 of shards, upload", r"shard/DatasetFolder"),
    ("shuffle keys", r"hash/StableHash"),
    ("writing shards", r"io/(megatron|npy|mds|hdf5|column)/|shard/WriteShardFn"),
    ("ledger, counters", r"transforms/ledger|sdk/metrics|core/metrics"),
    ("grouping: sort and spill", r"flink/runtime/(operators/sort|memory|io/disk)"),
    ("grouping: exchange", r"flink/runtime/(io/network|operators/shipping|plugable)|io/netty"),
    ("Beam's steps", r"beam/(sdk/util|runners/core|repackaged)|DoFnInvoker|beam/runners/flink/(translation/functions|metrics)"),
    ("start-up: class loading", r"ClassLoader|java/util/zip|java/util/jar|ServiceLoader|LinkResolver|SystemDictionary|InstanceKlass"),
    ("start-up: planning the job", r"beam/runners/flink/Flink|flink/(client|optimizer|api)|beam/sdk|millrace/(pipelines|runners)|picocli"),
    ("Flink, else", r"flink|akka|pekko|scala"),
]


def part(stack):
    thread, *frames = stack
    for name, pattern in THREADS:
        if re.search(pattern, thread):
            return name
    for frame in reversed(frames):
        for name, pattern in FRAMES:
            if re.search(pattern, frame):
                return name
    return "Java itself, else"


def main(path, options):
    parts = collections.Counter()
    leaves = collections.defaultdict(collections.Counter)
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            stack, count = line.rstrip("\n").rsplit(" ", 1)
            stack = stack.split(";")
            name = part(stack)
            parts[name] += int(count)
            leaves[name][stack[-1]] += int(count)
    total = sum(parts.values())
    cpu = float(options.get("cpu", 0))
    print(f"| part | % |{' CPU s |' if cpu else ''}\n| --- | --- |{' --- |' if cpu else ''}")
    for name, count in parts.most_common():
        print(f"| {name} | {100 * count / total:.1f} |" + (f" {cpu * count / total:.1f} |" if cpu else ""))
        for leaf, own in leaves[name].most_common(int(options.get("frames", 0))):
            print(f"|     {leaf} | {100 * own / total:.1f} |")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], dict(argument[2:].split("=", 1) for argument in sys.argv[2:]))
