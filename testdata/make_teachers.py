#!/usr/bin/env python3
"""Makes the small causal language models in ONNX that tests take as teachers.

    make_teachers.py FOLDER

A model has no weights but a few frequencies: the embedding of a token is the sine of its id times
each of them, what a position knows is its own embedding and the mean of those up to it, and the
logits are the products with the embeddings of all ids. So a model with a vocabulary of 8,000 takes
about a kilobyte. Beside good ones there are bad ones, each with one fault. Needs nothing but
Python; equal bytes at every run.
"""

import os
import struct
import sys

FLOAT, INT32, INT64, FLOAT16 = 1, 6, 7, 10
FREQUENCIES = [0.0137, 0.0411, 0.0973, 0.191, 0.317, 0.523, 0.797, 1.171, 1.613, 2.057, 2.503, 2.953]
WIDTH = len(FREQUENCIES)


def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, value):
    """A field of a Protocol Buffers message: a whole number, text, or a message that is made already."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, str):
        value = value.encode()
    return varint(number << 3 | 2) + varint(len(value)) + value


def tensor(name, kind, dims, values, external=None):
    code = {FLOAT: "f", INT64: "q"}[kind]
    raw = struct.pack("<%d%s" % (len(values), code), *values)
    out = b"".join(field(1, dim) for dim in dims) + field(2, kind) + field(8, name)
    if external is None:
        return out + field(9, raw)
    path, location = external
    with open(os.path.join(path, location), "wb") as f:
        f.write(raw)
    entries = [("location", location), ("offset", "0"), ("length", str(len(raw)))]
    out += b"".join(field(13, field(1, key) + field(2, value)) for key, value in entries)
    return out + field(14, 1)


def attribute(name, value):
    return field(1, name) + field(3, value) + field(20, 2)


def value_info(name, kind, dims):
    shape = b"".join(field(1, field(1, d) if isinstance(d, int) else field(2, d)) for d in dims)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, shape)))


class Graph:
    def __init__(self):
        self.nodes, self.initializers, self.count = [], [], 0

    def constant(self, kind, dims, values, external=None):
        name = "c%d" % len(self.initializers)
        self.initializers.append(tensor(name, kind, dims, values, external))
        return name

    def number(self, value):
        return self.constant(FLOAT, [], [value])

    def node(self, op, *inputs, output=None, **attributes):
        self.count += 1
        output = output or "n%d" % self.count
        self.nodes.append(
            b"".join(field(1, name) for name in inputs) + field(2, output) + field(4, op)
            + b"".join(field(5, attribute(*item)) for item in sorted(attributes.items())))
        return output

    def axes(self, axis):
        return self.constant(INT64, [1], [axis])

    def model(self, inputs, output):
        graph = b"".join(field(1, node) for node in self.nodes) + field(2, "teacher")
        graph += b"".join(field(5, initializer) for initializer in self.initializers)
        graph += b"".join(field(11, value) for value in inputs) + field(12, output)
        return field(1, 7) + field(2, "millrace") + field(7, graph) + field(8, field(2, 14))


def teacher(vocabulary=8000, ids="input_ids", kind=INT64, mask=True, positions=False, logits=FLOAT,
            fault=None, dims=("batch", "sequence"), known=True, external=None):
    g = Graph()
    batch, sequence = dims
    inputs = [value_info(ids, kind, [batch, sequence])]
    frequencies = g.constant(FLOAT, [1, WIDTH], FREQUENCIES, external)
    two = g.axes(2)
    numbers = g.node("Cast", ids, to=FLOAT)
    embedded = g.node("Sin", g.node("Mul", g.node("Unsqueeze", numbers, two), frequencies))
    if mask:
        inputs.append(value_info("attention_mask", kind, [batch, sequence]))
        counts = g.node("Unsqueeze", g.node("Cast", "attention_mask", to=FLOAT), two)
    else:
        zero = g.node("Mul", g.node("Unsqueeze", numbers, two), g.number(0))
        counts = g.node("Add", zero, g.number(1))
    if positions:
        inputs.append(value_info("position_ids", kind, [batch, sequence]))
        place = g.node("Unsqueeze", g.node("Cast", "position_ids", to=FLOAT), two)
        embedded = g.node("Add", embedded, g.node("Mul", g.node("Sin", place), g.number(0.25)))
    counted = g.node("Mul", embedded, counts)
    if fault == "looks ahead":
        before = g.node("ReduceSum", counted, g.axes(1), keepdims=1)
        number = g.node("ReduceSum", counts, g.axes(1), keepdims=1)
    else:
        one = g.constant(INT64, [], [1])
        before = g.node("CumSum", counted, one)
        number = g.node("CumSum", counts, one)
    known_here = g.node("Add", embedded, g.node("Div", before, g.node("Max", number, g.number(1))))
    if fault == "fails on large ids":
        # The root of a negative number is none.
        root = g.node("Sqrt", g.node("Sub", g.number(vocabulary - 999.5), numbers))
        nothing = g.node("Mul", g.node("Unsqueeze", root, two), g.number(0))
        known_here = g.node("Add", known_here, nothing)
    every = g.node("Range", g.number(0), g.number(vocabulary), g.number(1))
    table = g.node("Sin", g.node("Mul", g.node("Transpose", frequencies), g.node("Unsqueeze", every, g.axes(0))))
    scores = g.node("Mul", g.node("MatMul", known_here, table), g.number(1.5))
    shape = [batch, sequence, vocabulary if known else "vocabulary"]
    if fault == "never finite":
        scores = g.node("Div", scores, g.number(0))
    if fault == "one row":
        last = g.node("Slice", scores, g.axes(0), g.axes(1), g.axes(1))
        scores = g.node("Squeeze", last, g.axes(1))
        shape = [batch, vocabulary]
    if fault == "has a cache":
        inputs.append(value_info("past_key_values.0.key", FLOAT, [batch, 1, "past", 1]))
        scores = g.node("Add", scores, g.node("ReduceSum", "past_key_values.0.key", keepdims=0))
    name = "scores" if fault == "no logits" else "logits"
    g.node("Cast", scores, output=name, to=logits)
    return g.model(inputs, value_info(name, logits, shape))


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    models = {
        "tiny": teacher(),
        "half": teacher(kind=INT32, mask=False, positions=True, logits=FLOAT16, known=False),
        "fixed": teacher(dims=(1, 32)),
        "small": teacher(vocabulary=100),
        "split": teacher(external=(folder, "split.weights")),
        "cache": teacher(fault="has a cache"),
        "late": teacher(fault="fails on large ids"),
        "infinite": teacher(fault="never finite"),
        "nameless": teacher(ids="tokens"),
        "pooled": teacher(fault="one row"),
        "scores": teacher(fault="no logits"),
        "seer": teacher(fault="looks ahead"),
    }
    for name, model in models.items():
        with open(os.path.join(folder, name + ".onnx"), "wb") as f:
            f.write(model)


if __name__ == "__main__":
    main()
