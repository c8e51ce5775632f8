#!/bin/bash
# Measures the Java engine beside the library with JMH, on texts of yours.
#
# usage: encode-jmh.sh TOKENIZERS FOLDERS [JMH OPTIONS]
#
# TOKENIZERS and FOLDERS are paths with commas between. Useful options: -p document=4000, -p engine=JAVA, unseen, -rf csv.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[ $# -ge 2 ] || { sed -n 2,6p "$0"; exit 2; }
tokenizers=$1 folders=$2
shift 2
memory="-Xmx2g -Xms256m -Xmn128m -XX:+UseSerialGC -XX:+AlwaysPreTouch -XX:+UseTransparentHugePages"
classpath=$(mktemp)
trap 'rm -f "$classpath"' EXIT
mvn -B -q -f "$home/pom.xml" -pl runners -am test-compile dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$classpath"
java -cp "$home/runners/target/test-classes:$home/runners/target/classes:$(cat "$classpath")" org.openjdk.jmh.Main \
  EncodeBenchmark -p tokenizer="$tokenizers" -p folder="$folders" \
  -jvmArgs "$memory -Dorg.slf4j.simpleLogger.defaultLogLevel=warn" "$@"
