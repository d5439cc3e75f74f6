#!/bin/sh
# Checks and times the backend on a machine with an NVIDIA card, which needs neither Java nor a
# network: what is needed travels in one folder.
#
#   gpu/run-on-gpu.sh pack FOLDER [--peers FILE]      where the project is built (Maven, JDK 25)
#   FOLDER/run-on-gpu.sh run [--steps N] [--smaller N] [--skip-conformance]      on that machine
#
# pack  FOLDER gets a Java runtime, jars, natives, and FILE, a PyTorch script that is run beside
# run   conformance kit, parity with the reference, leak check over N steps (10000), times; sizes
#       divided by --smaller. All goes to the standard output and to FOLDER/performance-gpu.md,
#       which belongs under spec/. Exit code 1 if anything failed.
set -eu

here=$(cd "$(dirname "$0")" && pwd)

fail() {
  echo "run-on-gpu: $1" >&2
  exit 2
}

pack() {
  [ $# -ge 1 ] || fail "pack needs a folder: run-on-gpu.sh pack FOLDER [--peers FILE]"
  folder=$1
  shift
  peers=
  while [ $# -gt 0 ]; do
    case $1 in
      --peers) [ $# -ge 2 ] || fail "--peers needs a file"; peers=$2; shift 2 ;;
      *) fail "unknown option $1" ;;
    esac
  done
  [ -z "$peers" ] || [ -f "$peers" ] || fail "there is no file $peers"
  [ ! -e "$folder" ] || fail "$folder exists; name a new folder"
  jdk=${JAVA_HOME:-}
  [ -x "$jdk/bin/jlink" ] && "$jdk/bin/java" -version 2>&1 | grep -q 'version "25' \
    || fail "JAVA_HOME must be a JDK 25 with jlink, is '$jdk'"
  module=$(dirname "$here")
  (cd "$module/.." && mvn -B -q -pl modalimmune-cuda -am test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test)
  mkdir -p "$folder/lib"
  "$jdk/bin/jlink" --output "$folder/runtime" --strip-debug --no-header-files --no-man-pages \
    --add-modules java.base,java.logging,java.management,jdk.incubator.vector,jdk.unsupported
  cp -R "$module/target/classes" "$folder/lib/cuda"
  cp -R "$module/target/test-classes" "$folder/lib/cuda-tests"
  number=0
  tr ':' '\n' < "$module/target/test-classpath" | while read -r entry; do
    number=$((number + 1))
    if [ -d "$entry" ]; then
      cp -R "$entry" "$folder/lib/classes-$number"
    else
      cp "$entry" "$folder/lib/"
    fi
  done
  cp "$here/run-on-gpu.sh" "$folder/"
  [ -z "$peers" ] || cp "$peers" "$folder/peers.py"
  du -sh "$folder"
}

run() {
  steps=10000
  smaller=1
  conformance=yes
  while [ $# -gt 0 ]; do
    case $1 in
      --steps) [ $# -ge 2 ] || fail "--steps needs a number"; steps=$2; shift 2 ;;
      --smaller) [ $# -ge 2 ] || fail "--smaller needs a number"; smaller=$2; shift 2 ;;
      --skip-conformance) conformance=no; shift ;;
      *) fail "unknown option $1" ;;
    esac
  done
  [ -x "$here/runtime/bin/java" ] || fail "there is no runtime here; run 'pack' first, then this from its folder"
  path=
  for entry in "$here"/lib/*; do
    path=$path:$entry
  done
  report=$here/performance-gpu.md
  status=$here/failed
  rm -f "$status"
  {
    echo "# Times on a card"
    echo
    echo "Run on $(date -u +%Y-%m-%d), sizes divided by $smaller."
    echo
    nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null \
      || echo "nvidia-smi gave no answer."
    if [ $conformance = yes ]; then
      part "Conformance" RunConformance
    else
      printf '\n## Conformance\n\nSkipped: --skip-conformance was given.\n'
    fi
    part "Parity with the reference" Parity
    part "Leaks" LeakCheck "$steps"
    part "Times" TimeTable "$smaller"
    if [ -f "$here/peers.py" ]; then
      printf '\n## PyTorch on the same card\n\n'
      python3 "$here/peers.py" --device cuda --compile collapse mlp hvp neumann softmax layernorm \
        elementwise step gemm 2>&1 || { echo "peers: FAILED"; touch "$status"; }
    fi
  } | tee "$report"
  [ ! -e "$status" ] || { rm "$status"; fail_run; }
}

fail_run() {
  echo "run-on-gpu: something failed, see above" >&2
  exit 1
}

# part TITLE MAIN ARGUMENTS...
part() {
  printf '\n## %s\n\n' "$1"
  main=$2
  shift 2
  "$here/runtime/bin/java" -Xmx8g --enable-native-access=ALL-UNNAMED \
    --add-modules jdk.incubator.vector -Djqwik.database="$here/jqwik" \
    -Djqwik.reporting.onlyfailures=true -cp "${path#:}" "org.modalimmune.cuda.gpu.$main" "$@" 2>&1 \
    || { echo "$main: FAILED"; touch "$status"; }
}

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
  pack) pack "$@" ;;
  run) run "$@" ;;
  *) fail "needs 'pack FOLDER' or 'run'; see the head of this file" ;;
esac
