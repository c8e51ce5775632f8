#!/usr/bin/env python3
"""The measuring part of run.sh, which see: runs whole processes, one after another, and prints what they took."""
import hashlib
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time

HOME = pathlib.Path(__file__).resolve().parent.parent.parent
RECIPE = HOME / "runners" / "benchmark" / "pretrain-no-dedup.yaml"
OPTIONS = {"runs": "3", "direct-mb": "32", "series": ""}
MB = 1_000_000
NO_FILES = hashlib.sha256().hexdigest()


class Taken:
    """What one process took, with all processes that it waited for; and the digest of its npy files."""

    def __init__(self, name, command, output):
        log = output.with_suffix(".log")
        began = time.monotonic()
        with open(log, "wb") as sink:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - began
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak_mib = usage.ru_maxrss / 1024  # Linux counts KiB
        if process.returncode:
            tail = log.read_text(errors="replace").splitlines()[-15:]
            sys.exit(f"{name} ended with {process.returncode}; the end of {log}:\n" + "\n".join(tail))
        self.digest = digest(output / "npy")
        shutil.rmtree(output)
        print(f"  {name}: {self.wall:.1f} s wall, {self.cpu:.1f} s CPU, {self.peak_mib:.0f} MiB", flush=True)


def digest(folder):
    """One sum over the names and bytes of the files of a folder, which may be missing when there was no sample."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    total = hashlib.sha256()
    for file in files:
        with open(file, "rb") as content:
            one = hashlib.sha256()
            for block in iter(lambda: content.read(1 << 20), b""):
                one.update(block)
        total.update(f"{file.name} {one.hexdigest()}\n".encode())
    return total.hexdigest()


def commands(tokenizer, out):
    """How each variant is started, as functions of the input and output folders."""
    classpath = ":".join([str(HOME / "runners" / "target" / "test-classes"),
                          str(HOME / "runners" / "target" / "classes"), (out / "classpath").read_text().strip()])

    def loop(source, target):
        return ["java", "-Xmx2g", "-XX:+UseTransparentHugePages", "-cp", classpath,
                "org.millrace.runners.benchmark.HandWrittenLoop",
                f"--input={source}", f"--output={target}", f"--tokenizer={tokenizer}"]

    def millrace(runner):
        return lambda source, target: [str(HOME / "runners" / "millrace"), "run", str(RECIPE), f"--runner={runner}",
                                       f"--input={source}", f"--output={target}", f"--tokenizer={tokenizer}"]

    return {"loop": loop, "flink": millrace("flink"), "direct": millrace("direct")}


def share(corpus, target, megabytes):
    """A folder with the first lines of a corpus, up to so many megabytes."""
    target.mkdir()
    left = megabytes * MB
    for file in sorted(corpus.rglob("*.jsonl")):
        with open(file, "rb") as lines, open(target / file.name, "wb") as copy:
            for line in lines:
                left -= len(line)
                if left < 0:
                    return
                copy.write(line)


def size(folder):
    return sum(file.stat().st_size for file in folder.rglob("*.jsonl"))


def table(title, base, rows):
    """Medians of each row's runs; ratios to the row named base, start-up taken off."""
    print(f"\n{title}\n\n| | wall s | CPU s | CPU s beyond start-up | of the loop's | peak MiB | same bytes |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    middle = lambda taken, field: statistics.median(getattr(one, field) for one in taken)
    beyond = {name: middle(full, "cpu") - middle(empty, "cpu") for name, (full, empty) in rows.items()}
    same = True
    for name, (full, _) in rows.items():
        equal = {one.digest for one in full} == {one.digest for one in rows[base][0]} != {NO_FILES}
        same = same and equal
        print(f"| {name} | {middle(full, 'wall'):.1f} | {middle(full, 'cpu'):.1f} | {beyond[name]:.1f} "
              f"| {beyond[name] / beyond[base]:.2f} | {max(one.peak_mib for one in full):.0f} "
              f"| {'yes' if equal else 'NO'} |")
    return same


def compare(corpus, out, starts, runs, direct_mb):
    """Interleaves the variants, so that what else the machine does falls on all alike."""
    small, empty = out / "share", out / "nearly-empty"
    share(corpus, small, direct_mb)
    empty.mkdir()
    # Enough for one sample, so that every step and the sealing have work.
    (empty / "one.jsonl").write_text('{"text": "' + "one more word " * 1000 + '", "meta": {}}\n')
    plan = [("loop", corpus), ("flink", corpus), ("loop", small), ("direct", small),
            ("loop", empty), ("flink", empty), ("direct", empty)]
    taken = {case: [] for case in plan}
    for run in range(runs):
        print(f"round {run + 1} of {runs}", flush=True)
        for name, source in plan:
            target = out / f"{name}-{source.name}-{run}"
            taken[name, source].append(Taken(f"{name} on {source.name}", starts[name](source, target), target))
    whole = table(f"Medians of {runs} runs, {size(corpus) / MB:.0f} MB of jsonl, {os.cpu_count()} cores", "loop",
                  {name: (taken[name, corpus], taken[name, empty]) for name in ("loop", "flink")})
    part = table(f"Medians of {runs} runs, {size(small) / MB:.0f} MB of jsonl", "loop",
                 {name: (taken[name, small], taken[name, empty]) for name in ("loop", "direct")})
    return whole and part


def series(sizes, out, starts):
    """Peak memory of Flink over growing input."""
    rows = []
    for megabytes in sizes:
        corpus, target = out / f"corpus-{megabytes}", out / f"flink-{megabytes}"
        subprocess.run([sys.executable, str(HOME / "runners" / "benchmark" / "make_corpus.py"), str(corpus),
                        f"--mb={megabytes}"], check=True)
        rows.append((megabytes, Taken(f"flink on {megabytes} MB", starts["flink"](corpus, target), target)))
        shutil.rmtree(corpus)
    print("\nFlink, one run each\n\n| MB of jsonl | wall s | CPU s | peak MiB |\n| --- | --- | --- | --- |")
    for megabytes, one in rows:
        print(f"| {megabytes} | {one.wall:.1f} | {one.cpu:.1f} | {one.peak_mib:.0f} |")
    peaks = [one.peak_mib for _, one in rows]
    print(f"\nThe largest peak is {max(peaks) / min(peaks):.2f} of the smallest.")


def main(corpus, tokenizer, out, options):
    if size(corpus) == 0:
        sys.exit(f"{corpus} holds no .jsonl: make_corpus.py makes some")
    if any(path.name != "classpath" for path in out.iterdir()):
        sys.exit(f"{out} is not empty: give another folder, or remove it")
    starts = commands(tokenizer, out)
    same = compare(corpus, out, starts, int(options["runs"]), int(options["direct-mb"]))
    if options["series"]:
        series([int(megabytes) for megabytes in options["series"].split(",")], out, starts)
    if not same:
        sys.exit("the variants wrote different bytes: the times above compare unequal work")


if __name__ == "__main__":
    chosen = dict(OPTIONS)
    for argument in sys.argv[4:]:
        match = re.fullmatch(r"--(runs|direct-mb)=([1-9]\d*)|--(series)=(\d+(?:,\d+)*)", argument)
        if not match:
            sys.exit(f"unknown option {argument}: expected --runs=N, --direct-mb=N or --series=N,N,...")
        chosen[match[1] or match[3]] = match[2] or match[4]
    main(*(pathlib.Path(argument).resolve() for argument in sys.argv[1:4]), chosen)
