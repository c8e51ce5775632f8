#!/usr/bin/env python3
"""Makes a causal language model in ONNX of 0.4 billion weights, which are by chance.

    make_teacher.py FOLDER [--width=2048] [--layers=8] [--vocabulary=32000] [--rows=16,48]

Writes FOLDER/model.onnx, and FOLDER/rows-N, an MDS dataset, for N rows of tokens to ask it about. A
layer is a mean over all tokens so far, then two products with a ReLU between them: what such a
model costs, without its attention. Needs numpy.
"""

import argparse
import json
import os
import struct
import sys

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../testdata"))
from make_teachers import FLOAT, INT64, Graph, field, value_info  # noqa: E402


def weights(graph, random, *shape):
    values = (random.standard_normal(shape) / numpy.sqrt(shape[0])).astype("<f4")
    name = "c%d" % len(graph.initializers)
    head = b"".join(field(1, dim) for dim in shape) + field(2, FLOAT) + field(8, name)
    graph.initializers.append(head + field(9, values.tobytes()))
    return name


def model(width, layers, vocabulary):
    random = numpy.random.Generator(numpy.random.PCG64(1))
    g = Graph()
    mask = g.node("Unsqueeze", g.node("Cast", "attention_mask", to=FLOAT), g.axes(2))
    one = g.constant(INT64, [], [1])
    counts = g.node("Max", g.node("CumSum", mask, one), g.number(1))
    x = g.node("Gather", weights(g, random, vocabulary, width), "input_ids")
    for _ in range(layers):
        before = g.node("Div", g.node("CumSum", g.node("Mul", x, mask), one), counts)
        inner = g.node("MatMul", g.node("Add", x, before), weights(g, random, width, 4 * width))
        x = g.node("Add", x, g.node("MatMul", g.node("Relu", inner), weights(g, random, 4 * width, width)))
        # Keeps numbers of one size, as a norm would.
        x = g.node("Mul", x, g.number(0.5))
    g.node("MatMul", x, weights(g, random, width, vocabulary), output="logits")
    dims = ["batch", "sequence"]
    inputs = [value_info(name, INT64, dims) for name in ("input_ids", "attention_mask")]
    return g.model(inputs, value_info("logits", FLOAT, dims + [vocabulary]))


def mds(rows, length, vocabulary):
    """A shard with a column tokens, ndarray:int32, and its index."""
    config = {
        "column_encodings": ["ndarray:int32:%d" % length], "column_names": ["tokens"],
        "column_sizes": [4 * length], "compression": None, "format": "mds", "hashes": [],
        "size_limit": None, "version": 2}
    head = json.dumps(config, sort_keys=True).encode()
    random = numpy.random.Generator(numpy.random.PCG64(2))
    ids = random.integers(0, vocabulary, (rows, length)).astype("<i4")
    first = 4 + 4 * (rows + 1) + len(head)
    offsets = [first + 4 * length * i for i in range(rows + 1)]
    shard = struct.pack("<%dI" % (rows + 2), rows, *offsets) + head + ids.tobytes()
    raw = {"basename": "shard.00000.mds", "bytes": len(shard), "hashes": {}}
    index = {"shards": [dict(config, raw_data=raw, samples=rows, zip_data=None)], "version": 2}
    return shard, json.dumps(index, sort_keys=True).encode()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--width", type=int, default=2048)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--vocabulary", type=int, default=32000)
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--rows", default="16,48")
    arguments = parser.parse_args()
    os.makedirs(arguments.folder, exist_ok=True)
    with open(os.path.join(arguments.folder, "model.onnx"), "wb") as f:
        f.write(model(arguments.width, arguments.layers, arguments.vocabulary))
    for rows in map(int, arguments.rows.split(",")):
        folder = os.path.join(arguments.folder, "rows-%d" % rows)
        os.makedirs(folder, exist_ok=True)
        shard, index = mds(rows, arguments.length, arguments.vocabulary)
        with open(os.path.join(folder, "shard.00000.mds"), "wb") as f:
            f.write(shard)
        with open(os.path.join(folder, "index.json"), "wb") as f:
            f.write(index)


if __name__ == "__main__":
    main()
