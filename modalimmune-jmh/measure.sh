#!/usr/bin/env bash
# Prints the table of measured figures in spec/performance.md, PyTorch's excepted: about ten minutes.
#
# usage: measure.sh [PEER ...]      peers: ejml, and after mvn -P peers package: mkl openblas
# Build first: mvn -P peers -DskipTests -pl modalimmune-jmh -am package
# On a shared machine, pin it: taskset -c 1 modalimmune-jmh/measure.sh ejml mkl openblas > table.md
set -eu

folder=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jar=$folder/target/benchmarks.jar
if [ ! -f "$jar" ]; then
  printf 'measure: %s is missing; build it with: mvn -P peers -DskipTests -pl modalimmune-jmh -am package\n' "$jar" >&2
  exit 2
fi
exec java -jar "$jar" table "$@"
