#!/bin/bash
# Measures each shard writer alone, in tokens a core-second, beside a plain copy of the same files.
#
# usage: writers.sh [TOKENS] [RUNS]      default: 100 million tokens, 5 runs; files go to Java's temporary folder
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
classpath=$(mktemp)
trap 'rm -f "$classpath"' EXIT
mvn -B -q -f "$home/pom.xml" -pl runners -am test-compile dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$classpath"
java -Xmx1g -cp "$home/runners/target/test-classes:$home/runners/target/classes:$(cat "$classpath")" \
  org.millrace.runners.benchmark.WriterSpeed "${1:-100000000}" "${2:-5}"
