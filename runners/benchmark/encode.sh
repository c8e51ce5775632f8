#!/bin/bash
# Measures the Java engine beside the library on texts of yours.
#
# usage: encode.sh TOKENIZERS FOLDER... [--shapes=200,4000,1000000] [--mb=24] [--djl-mb=6] [--npm=PACKAGES]
#
# TOKENIZERS are paths with commas between; each FOLDER holds .jsonl or .txt of one kind of text. PACKAGES is a folder
# in which `npm install tokenizers` was run: then that package is measured as well.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[ $# -ge 2 ] || { sed -n 2,7p "$0"; exit 2; }
tokenizers=$1 shapes=200,4000,1000000 folders=() options=() npm=
shift
for argument in "$@"; do
  case $argument in
    --shapes=*) shapes=${argument#*=} ;;
    --npm=*) npm=${argument#*=} ;;
    --*) options+=("$argument") ;;
    *) folders+=("$argument") ;;
  esac
done
classpath=$(mktemp)
trap 'rm -f "$classpath"' EXIT
mvn -B -q -f "$home/pom.xml" -pl runners -am test-compile dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$classpath"
run() {
  java -Xmx2g -Xms256m -Xmn128m -XX:+UseSerialGC -XX:+AlwaysPreTouch -XX:+UseTransparentHugePages \
    -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
    -cp "$home/runners/target/test-classes:$home/runners/target/classes:$(cat "$classpath")" \
    org.millrace.runners.benchmark.EncodeSpeed "$@"
}
node_row() {
  if [ -z "$npm" ]; then
    return
  elif command -v node > /dev/null; then
    node "$home/runners/benchmark/encode-npm.mjs" "$npm" "$@"
  else
    echo "npm: skipped, there is no node on this machine"
  fi
}
run
for tokenizer in ${tokenizers//,/ }; do
  for folder in "${folders[@]}"; do
    for shape in ${shapes//,/ }; do
      run "$tokenizer" "$folder" --shape="$shape" "${options[@]}"
      node_row "$tokenizer" "$folder" --shape="$shape" "${options[@]}"
    done
  done
done
