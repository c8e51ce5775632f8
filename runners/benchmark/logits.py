#!/usr/bin/env python3
"""Times cepe-logits and a bare loop in turn; see logits.sh."""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import time

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def timed(command, **more):
    """Seconds of a process, and its peak of memory in MiB."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(output)
    return time.monotonic() - start, usage.ru_maxrss / 1024, output


def millrace(teacher, rows, parallelism, batch_tokens):
    out = os.path.join(teacher, "out")
    shutil.rmtree(out, ignore_errors=True)
    return timed([
        os.path.join(HOME, "runners/millrace"), "run", "cepe-logits", "--input=" + rows, "--output=" + out,
        "--model=" + os.path.join(teacher, "model.onnx"), "--parallelism=%d" % parallelism,
        "--set=logits.decoder_tokens=null", "--set=teacher.batch_tokens=%d" % batch_tokens,
        "--set=output.num_shards=8"])


def loop(teacher, rows, parallelism, batch_tokens):
    with open(os.path.join(teacher, "classpath")) as f:
        path = f.read().strip()
    classes = os.path.join(HOME, "runners/target/test-classes")
    # Not on the command line: ONNX Runtime recurses over that, and dies where it is long.
    seconds, peak, output = timed(
        ["java", "-Xmx1g", "org.millrace.runners.benchmark.LogitsLoop",
         os.path.join(teacher, "model.onnx"), rows, str(batch_tokens), str(parallelism)],
        env=dict(os.environ, CLASSPATH=classes + ":" + path))
    return float(re.search(r"rows, ([0-9.]+) s", output).group(1)), peak, output


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("teacher")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--parallelism", type=int, default=os.cpu_count())
    parser.add_argument("--batch-tokens", type=int, default=1024)
    a = parser.parse_args()
    counts = sorted(
        int(name[5:]) for name in os.listdir(a.teacher) if name.startswith("rows-"))
    folders = {n: os.path.join(a.teacher, "rows-%d" % n) for n in counts}
    few, many = counts[0], counts[-1]
    ours, theirs = [], []
    print("run  loop rows/s  millrace rows/s  ratio  peak MiB (%s rows)" % ", ".join(map(str, counts)))
    for run in range(1, a.runs + 1):
        times = {n: millrace(a.teacher, folders[n], a.parallelism, a.batch_tokens) for n in counts}
        # What is beyond start-up: the rows between the smallest number and the largest.
        rate = (many - few) / (times[many][0] - times[few][0])
        bare = {n: loop(a.teacher, folders[n], a.parallelism, a.batch_tokens)[0] for n in (few, many)}
        bare_rate = (many - few) / (bare[many] - bare[few])
        ours.append(rate)
        theirs.append(bare_rate)
        peaks = ", ".join("%d" % times[n][1] for n in counts)
        print("%3d  %11.3f  %15.3f  %5.3f  %s" % (run, bare_rate, rate, rate / bare_rate, peaks), flush=True)
    print("medians: loop %.3f, millrace %.3f, ratio %.3f" % (
        statistics.median(theirs), statistics.median(ours), statistics.median(ours) / statistics.median(theirs)))


if __name__ == "__main__":
    main()
