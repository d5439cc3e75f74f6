#!/usr/bin/env bash
# Prints the table of measured figures in spec/performance.md, PyTorch's excepted: about ten minutes.
#
# usage: measure.sh [PEER ...]      peers: ejml, mkl, openblas; the last two need the profile
# Build first: mvn -P peers -DskipTests -pl modalimmune-jmh -am package (without -P peers if neither is asked for)
# On a shared machine, pin it: taskset -c 1 modalimmune-jmh/measure.sh ejml mkl openblas > table.md
set -eu

folder=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
case " $* " in
  *' mkl '* | *' openblas '*) jar=$folder/target/peers/benchmarks.jar profile='-P peers ' ;;
  *) jar=$folder/target/benchmarks.jar profile='' ;;
esac
if [ ! -f "$jar" ]; then
  printf 'measure: %s is missing; build it with: mvn %s-DskipTests -pl modalimmune-jmh -am package\n' "$jar" "$profile" >&2
  exit 2
fi
exec java -jar "$jar" table "$@"
