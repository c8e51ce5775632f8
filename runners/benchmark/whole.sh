#!/bin/bash
# Measures a whole job: jsonl.gz to shuffled, packed Megatron shards, on Flink in the launcher's process.
#
# usage: whole.sh CORPUS TOKENIZER OUT [--runs=3] [--djl-mb=0] [--against=CHECKOUT] [--profile=LIBASYNCPROFILER]
#
# CORPUS is a folder of .jsonl.gz, TOKENIZER a tokenizer.json, OUT a new folder. --djl-mb measures the library alone on
# so much of the corpus, in turn with the jobs; --against takes turns with another checkout; --profile adds a run for
# breakdown.py.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
if (($# < 3)); then
  sed -n '2,8s/^# \?//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
mkdir -p "$3"
out=$(cd "$3" && pwd)
# EncodeSpeed is among the tests, so the launcher's jar does not hold it.
mvn -B -q -f "$home/pom.xml" -pl runners -am test-compile dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$out/classpath"
# The first use builds the launcher, which is not to be measured.
"$home/runners/millrace" --help >/dev/null
exec python3 "$home/runners/benchmark/whole.py" "$1" "$2" "$out" "${@:4}"
