#!/bin/bash
# Measures the Java engine beside the library on texts of yours.
#
# usage: encode.sh TOKENIZERS FOLDER... [--shapes=200,4000,1000000] [--mb=24] [--djl-mb=6]
#
# TOKENIZERS are paths with commas between; each FOLDER holds .jsonl or .txt of one kind of text.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[ $# -ge 2 ] || { sed -n 2,6p "$0"; exit 2; }
tokenizers=$1 shapes=200,4000,1000000 folders=() options=()
shift
for argument in "$@"; do
  case $argument in
    --shapes=*) shapes=${argument#*=} ;;
    --*) options+=("$argument") ;;
    *) folders+=("$argument") ;;
  esac
done
classpath=$(mktemp)
trap 'rm -f "$classpath"' EXIT
mvn -B -q -f "$home/pom.xml" -pl runners -am test-compile dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$classpath"
run() {
  java -Xmx2g -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
    -cp "$home/runners/target/test-classes:$home/runners/target/classes:$(cat "$classpath")" \
    org.millrace.runners.benchmark.EncodeSpeed "$@"
}
run
for tokenizer in ${tokenizers//,/ }; do
  for folder in "${folders[@]}"; do
    for shape in ${shapes//,/ }; do
      run "$tokenizer" "$folder" --shape="$shape" "${options[@]}"
    done
  done
done
