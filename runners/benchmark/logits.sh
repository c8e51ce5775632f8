#!/bin/bash
# Measures cepe-logits against a bare loop of ONNX Runtime over the same batches.
#
# usage: logits.sh TEACHER [--runs=3]
#
# TEACHER is a folder that make_teacher.py has made: a model, and some numbers of rows to ask it about.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
if (($# < 1)); then
  sed -n '2,6s/^# \?//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
teacher=$(cd "$1" && pwd)
if [ ! -f "$teacher/classpath" ]; then
  mvn -B -q -f "$home/pom.xml" -pl runners -am test-compile dependency:build-classpath \
    -Dmdep.includeScope=test -Dmdep.outputFile="$teacher/classpath"
  "$home/runners/millrace" --help >/dev/null
fi
exec python3 "$home/runners/benchmark/logits.py" "$teacher" "${@:2}"
