#!/usr/bin/python3
"""Compares Millrace's shuffle of finished HDF5 rows with one by h5py (h5py_shuffle.py), on the same rows.

usage: shuffle_rows.py INPUT SCRATCH [--files=8] [--only=NAME,...] [--series=N,N,...] [--check-rows=1]

INPUT is a folder of folders of HDF5 files, as those of epochs. Prints wall and CPU seconds and peak memory of whole
processes, rows for each CPU second, and what is left of that when the start is taken off, which is a run on one row. With
--check-rows both outputs are then checked to hold the rows of the input, each as often. --series runs Millrace alone, on the first N folders.
Needs Debian's python3-h5py, and a built Millrace.
"""
import collections
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import time

import h5py

HERE = os.path.dirname(os.path.abspath(__file__))
MILLRACE = os.path.join(HERE, "..", "millrace")


def timed(command):
    """Wall seconds, CPU seconds and peak MiB of a process and those it waits for."""
    start = time.time()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command}: {printed.decode()}")
    return time.time() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def files(folder):
    return sorted(glob.glob(folder + "/**/*.h5", recursive=True))


def rows_in(folder):
    total = 0
    for path in files(folder):
        with h5py.File(path, "r") as file:
            total += file.attrs["n_examples"]
    return int(total)


def contents(folder):
    """How often each row is there."""
    found = collections.Counter()
    for path in files(folder):
        with h5py.File(path, "r") as file:
            for start in range(0, len(file["data"]), 1000):
                for row in file["data"][start:start + 1000]:
                    found[hashlib.md5(row.tobytes()).digest()] += 1
    return found


def millrace(source, output, count, *more):
    return [MILLRACE, "run", "shuffle-rows", f"--input={source}", f"--output={output}",
            f"--set=output.num_shards={count}", "--overwrite", *more]


def line(name, rows, wall, cpu, peak, start):
    beyond = f"{rows / (cpu - start):10,.0f}" if start else f"{'':10}"
    print(f"{name:34} {rows:9,} {wall:7.1f} {cpu:7.1f} {peak:8,.0f} {rows / cpu:10,.0f} {beyond}", flush=True)


def main(arguments):
    options = dict(a[2:].split("=") for a in arguments if a.startswith("--"))
    source, scratch = [os.path.abspath(a) for a in arguments if not a.startswith("--")]
    count = options.get("files", "8")
    rows = rows_in(source)
    for path in files(source):  # All are read once before, so that no one finds them on disk alone.
        with open(path, "rb") as file:
            while file.read(1 << 24):
                pass
    print(f"{'':34} {'rows':>9} {'wall s':>7} {'CPU s':>7} {'peak MiB':>8} {'rows/CPU s':>10} {'w/o start':>10}")
    one = os.path.join(scratch, "one")
    os.makedirs(one, exist_ok=True)
    with h5py.File(files(source)[0], "r") as file, h5py.File(one + "/data-00000.h5", "w") as first:
        shape = file["data"].shape
        first.create_dataset("data", data=file["data"][:1], chunks=(1,) + shape[1:], compression=4)
    start = timed(millrace(one, scratch + "/out-one", 1))
    line("Millrace, one row", 1, *start, 0)
    runs = {
        "millrace": ("Millrace", millrace(source, scratch + "/out-millrace", count)),
        "rows": ("Millrace, rows move", millrace(source, scratch + "/out-rows", count, "--set=read.moves=rows")),
        "check": ("Millrace, each row is inflated", millrace(source, scratch + "/out-check", count, "--set=read.check=true")),
        "h5py": ("h5py, two passes", [sys.executable, HERE + "/h5py_shuffle.py", source, scratch + "/out-h5py", f"--files={count}"]),
    }
    chosen = [key for key in options["only"].split(",") if key] if "only" in options else list(runs)
    for key in chosen:
        name, command = runs[key]
        shutil.rmtree(scratch + "/out-" + key, True)
        line(name, rows, *timed(command), 0 if key == "h5py" else start[1])
    for folders in options["series"].split(",") if "series" in options else []:
        part = os.path.join(scratch, "part")
        shutil.rmtree(part, True)
        os.makedirs(part)
        for folder in sorted(os.listdir(source))[:int(folders)]:
            shutil.copytree(os.path.join(source, folder), os.path.join(part, folder), copy_function=os.link)
        line(f"Millrace, {folders} folders", rows_in(part),
             *timed(millrace(part, scratch + "/out-part", count)), start[1])
    if "check-rows" in options:
        expected = contents(source)
        for key in ("millrace", "h5py"):
            print(key, "holds the rows of the input:", contents(scratch + "/out-" + key) == expected)


if __name__ == "__main__":
    main(sys.argv[1:])
