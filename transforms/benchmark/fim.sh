#!/bin/bash
# Measures how many packed samples one thread permutes for fill-in-the-middle in an hour.
#
# usage: fim.sh TOKENIZER FOLDER [MEGABYTES [LENGTH [RATE]]]
#
# TOKENIZER has <s> and </s>, as LLaMA's and CrystalCoder's have; FOLDER holds source code, as
# /usr/lib/python3. Defaults: 8 MB of it, samples of 2048 tokens, 0.9 of the texts.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[ $# -ge 2 ] || { sed -n 2,7p "$0"; exit 2; }
classpath=$(mktemp)
trap 'rm -f "$classpath"' EXIT
mvn -B -q -f "$home/pom.xml" -pl transforms -am test-compile dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$classpath"
java -Xmx2g -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
  -cp "$home/transforms/target/test-classes:$home/transforms/target/classes:$(cat "$classpath")" \
  org.millrace.transforms.fim.FimSpeed "$1" "$2" "${3:-8}" "${4:-2048}" "${5:-0.9}"
