#!/usr/bin/env python3
"""The measuring part of whole.sh, which see."""
import gzip
import hashlib
import json
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
OPTIONS = {"runs": "3", "djl-mb": "0", "against": "", "profile": ""}
MB = 1_000_000
TICKS = os.sysconf("SC_CLK_TCK")
# By the names that Linux shows, which are cut after 15 bytes.
GROUPS = [("JIT compiler", r"C[12] CompilerThre|Sweeper"), ("garbage collection", r"GC Thread|G1 |VM Thread|VM Periodic"),
          ("start-up and main", r"^java$|main"), ("steps of the job", r"\(\d+/|CHAIN|DataSource|GroupReduce|Map")]


class Taken:
    """What one process took, by kinds of threads; and the digest of its dataset."""

    def __init__(self, name, command, output, environment=None):
        log = output.with_suffix(".log")
        began = time.monotonic()
        threads = {}
        with open(log, "wb") as sink:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
                                       env=environment)
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                look(process.pid, threads)
                time.sleep(0.2)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - began
        self.cpu = usage.ru_utime + usage.ru_stime
        self.kernel = usage.ru_stime
        self.peak_mib = usage.ru_maxrss / 1024  # Linux counts KiB
        if process.returncode:
            tail = log.read_text(errors="replace").splitlines()[-15:]
            sys.exit(f"{name} ended with {process.returncode}; the end of {log}:\n" + "\n".join(tail))
        self.groups = grouped(threads)
        self.text_bytes, self.digest = facts(output)
        shutil.rmtree(output)
        print(f"  {name}: {self.wall:.1f} s wall, {self.cpu:.1f} s CPU ({self.kernel:.1f} in the kernel), "
              f"{self.peak_mib:.0f} MiB; " + ", ".join(f"{k} {v:.1f}" for k, v in self.groups.items()), flush=True)


def look(pid, threads):
    """Notes what each thread has taken so far; those that end keep what was seen last."""
    try:
        for tid in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{tid}/stat", encoding="utf-8", errors="replace") as stat:
                line = stat.read()
            fields = line[line.rindex(")") + 2:].split()
            threads[tid] = (line[line.index("(") + 1:line.rindex(")")], (int(fields[11]) + int(fields[12])) / TICKS)
    except (FileNotFoundError, ProcessLookupError):
        pass  # ended meanwhile


def grouped(threads):
    sums = {}
    for name, seconds in threads.values():
        group = next((group for group, pattern in GROUPS if re.search(pattern, name)), "other threads")
        sums[group] = sums.get(group, 0) + seconds
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def facts(folder):
    """The bytes of text that were tokenized, and one digest of all files that the manifest lists."""
    manifest = json.loads((folder / "manifest.json").read_text())
    listed = sorted((file["path"], file["sha256"]) for output in manifest["outputs"] for file in output["files"])
    text = sum(entry["bytes"] for entry in manifest["ledger"] if entry["reason"] == "tokenized")
    return text, hashlib.sha256(repr(listed).encode()).hexdigest()


def command(home, corpus, tokenizer, output):
    return [str(home / "runners" / "millrace"), "run", str(RECIPE), "--set=output.formats=[megatron]",
            f"--input={corpus}", f"--output={output}", f"--tokenizer={tokenizer}"]


def sample(files, target, megabytes):
    """The beginning of each file, together about so many MB."""
    with open(target, "wb") as out:
        for file in files:
            left = megabytes * MB / len(files)
            with gzip.open(file) as lines:
                for line in lines:
                    left -= len(line)
                    if left < 0:
                        break
                    out.write(line)


def library(tokenizer, part, classpath, megabytes):
    """What the library alone does on the sample, in MB of text for a CPU second of its thread."""
    printed = subprocess.run(["java", "-Xmx2g", "-cp", classpath, "org.millrace.runners.benchmark.EncodeSpeed", tokenizer,
                              str(part), "--library", f"--mb={2 * megabytes}", f"--djl-mb={megabytes}"],
                             check=True, capture_output=True, text=True).stdout
    speed = float(printed.split()[-1])
    print(f"  the library alone: {speed:.2f} MB of text a CPU second", flush=True)
    return speed


def table(rows, empty, jsonl, djl):
    middle = lambda taken, field: statistics.median(getattr(one, field) for one in taken)
    print("\n| | wall s | CPU s | of them start-up | MB of jsonl a CPU s | MB of text a CPU s | peak MiB | x the library |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, taken in rows.items():
        cpu, text = middle(taken, "cpu"), taken[0].text_bytes
        print(f"| {name} | {middle(taken, 'wall'):.1f} | {cpu:.1f} | {middle(empty[name], 'cpu'):.1f} "
              f"| {jsonl / MB / cpu:.1f} | {text / MB / cpu:.1f} | {max(one.peak_mib for one in taken):.0f} "
              f"| {text / MB / cpu / djl if djl else float('nan'):.2f} |")


def main(corpus, tokenizer, out, options):
    files = sorted(corpus.rglob("*.jsonl.gz"))
    if not files:
        sys.exit(f"{corpus} holds no .jsonl.gz: make_corpus.py --gz makes some")
    if any(path.name != "classpath" for path in out.iterdir()):
        sys.exit(f"{out} is not empty: give another folder, or remove it")
    jsonl = sum(int(subprocess.run(f"gzip -dc '{file}' | wc -c", shell=True, check=True,
                                   capture_output=True, text=True).stdout) for file in files)
    megabytes = int(options["djl-mb"])
    part = out / "part"
    part.mkdir()
    sample(files, part / "part.jsonl", 2.2 * megabytes)
    classpath = ":".join([str(HOME / "runners" / "target" / "test-classes"),
                          str(HOME / "runners" / "target" / "classes"), (out / "classpath").read_text().strip()])
    nearly_empty = out / "nearly-empty"
    nearly_empty.mkdir()
    # Enough for one sample, so that every step and the sealing have work.
    (nearly_empty / "one.jsonl").write_text('{"text": "' + "one more word " * 1000 + '", "meta": {}}\n')
    homes = {"here": HOME}
    if options["against"]:
        homes = {"before": pathlib.Path(options["against"]).resolve(), **homes}
    full, empty, djl = {name: [] for name in homes}, {name: [] for name in homes}, []
    for run in range(int(options["runs"])):
        for name, home in homes.items():
            target = out / f"{name}-{run}"
            empty[name].append(Taken(f"{name}, nearly empty", command(home, nearly_empty, tokenizer, target), target))
            full[name].append(Taken(name, command(home, corpus, tokenizer, target), target))
        if megabytes:
            djl.append(library(tokenizer, part, classpath, megabytes))
    if options["profile"]:
        stacks, target = out / "stacks.txt", out / "profiled"
        agent = (f"-agentpath:{options['profile']}=start,event=cpu,interval=2ms,threads,collapsed,file={stacks} "
                 "-XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints")
        taken = Taken("profiled", command(HOME, corpus, tokenizer, target), target,
                      {**os.environ, "MILLRACE_JAVA": (os.environ.get("MILLRACE_JAVA", "") + " " + agent).strip()})
        subprocess.run([sys.executable, str(HOME / "runners" / "benchmark" / "breakdown.py"), str(stacks),
                        f"--cpu={taken.cpu}"], check=True)
    print(f"\nMedians of {options['runs']} runs, {jsonl / MB:.0f} MB of jsonl, {os.cpu_count()} cores")
    table(full, empty, jsonl, statistics.median(djl) if djl else 0)
    if len({one.digest for taken in full.values() for one in taken}) != 1:
        sys.exit("the runs wrote different bytes: the times above compare unequal work")


if __name__ == "__main__":
    chosen = dict(OPTIONS)
    for argument in sys.argv[4:]:
        match = re.fullmatch(r"--(runs|djl-mb|against|profile)=(.+)", argument)
        if not match:
            sys.exit(f"unknown option {argument}: see whole.sh")
        chosen[match[1]] = match[2]
    main(*(pathlib.Path(argument).resolve() for argument in sys.argv[1:4]), chosen)
