#!/bin/bash
# Asks both engines for the ids of very many texts, and stops at the first difference.
#
# usage: differential.sh TOKENIZER... [--strings=10000000] [--seed=1] [--texts=FOLDER] [--threads=2] [--only=NAME]
#
# A TOKENIZER is a tokenizer.json, or a folder in which they are looked for. See README.md beside this file.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
classpath=$(mktemp)
trap 'rm -f "$classpath"' EXIT
mvn -B -q -f "$home/pom.xml" -pl transforms -am test-compile dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$classpath"
java -Xmx2g -cp "$home/transforms/target/test-classes:$home/transforms/target/classes:$(cat "$classpath")" \
  org.millrace.transforms.tokenize.DifferentialRun "$@"
