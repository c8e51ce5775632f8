#!/usr/bin/python3
"""Shuffles the rows of HDF5 files with h5py: what one would write by hand, to compare with.

usage: h5py_shuffle.py INPUT OUTPUT [--files=8] [--seed=115]

Two passes. First each input file is read whole, every row draws one of --files buckets, and a bucket's rows of the file
are written to OUTPUT/BUCKET/sdata-N.h5. Then each bucket is read whole, put into an order by chance and written to
OUTPUT/data-NNNNN.h5. Rows are int32 [n, 3, length] in a dataset "data", one row a chunk, gzip level 4; the number of rows
is the attribute n_examples. It needs as much memory as the largest input file or bucket takes twice over.
"""
import glob
import os
import sys

import h5py
import numpy


def write(path, rows):
    with h5py.File(path, "w") as file:
        file.attrs["n_examples"] = len(rows)
        file.create_dataset("data", data=rows, chunks=(1,) + rows.shape[1:], compression="gzip", compression_opts=4)


def read(path):
    with h5py.File(path, "r") as file:
        return file["data"][()]


def spread(inputs, output, files, generator):
    for number, path in enumerate(inputs):
        rows = read(path)
        buckets = generator.integers(files, size=len(rows))
        for bucket in range(files):
            chosen = rows[buckets == bucket]
            if len(chosen):
                os.makedirs(f"{output}/{bucket}", exist_ok=True)
                write(f"{output}/{bucket}/sdata-{number:06d}.h5", chosen)


def gather(output, files, generator):
    for bucket in range(files):
        parts = sorted(glob.glob(f"{output}/{bucket}/sdata-*.h5"))
        if parts:
            rows = numpy.concatenate([read(part) for part in parts])
            generator.shuffle(rows)
            write(f"{output}/data-{bucket:05d}.h5", rows)
            for part in parts:
                os.remove(part)
            os.rmdir(f"{output}/{bucket}")


def main(arguments):
    options = dict(a[2:].split("=") for a in arguments if a.startswith("--"))
    source, output = [a for a in arguments if not a.startswith("--")]
    files = int(options.get("files", 8))
    generator = numpy.random.default_rng(int(options.get("seed", 115)))
    inputs = sorted(glob.glob(source + "/**/*.h5", recursive=True))
    os.makedirs(output)
    spread(inputs, output, files, generator)
    gather(output, files, generator)


if __name__ == "__main__":
    main(sys.argv[1:])
