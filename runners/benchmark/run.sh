#!/bin/bash
# Measures the pretrain pipeline against a hand-written loop that makes the same files.
#
# usage: run.sh CORPUS TOKENIZER OUT [--runs=3] [--direct-mb=32] [--series=50,100,200,400,800]
#
# CORPUS is a folder of plain jsonl as make_corpus.py makes it, TOKENIZER a tokenizer.json, OUT a new folder.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
if (($# < 3)); then
  sed -n '2,6s/^# \?//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
mkdir -p "$3"
out=$(cd "$3" && pwd)

# The loop is among the tests, so the launcher's jar does not hold it.
mvn -B -q -f "$home/pom.xml" -pl runners -am test-compile dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$out/classpath"
# The first use builds the launcher, which is not to be measured.
"$home/runners/millrace" --help >/dev/null
exec python3 "$home/runners/benchmark/compare.py" "$1" "$2" "$out" "${@:4}"
