#!/bin/sh
# Checks and times the backend on a machine with an NVIDIA card, which needs neither Java nor a
# network: what is needed travels in one folder.
#
#   gpu/run-on-gpu.sh pack FOLDER [--peers FILE]     where the project is built (Maven, JDK 25)
#   FOLDER/run-on-gpu.sh STAGE                       on that machine, one command for each stage
#   FOLDER/run-on-gpu.sh run [--steps N] [--smaller N]      on that machine, all stages and the report
#
# pack         FOLDER gets a Java runtime, jars, natives, and FILE, a PyTorch script that is run beside
# conformance  the kit for kernels
# operators    the operators, layers and optimisers, with their golden vectors
# parity       whole computations against the reference
# leaks [--steps N]     memory and handles before and after N training steps (10000)
# times [--smaller N]   table of times, sizes divided by N
# peers        the PyTorch script on the same card
# report       one page of what the stages before it left
#
# Each stage writes OUT/STAGE.txt, OUT being $OUT or else FOLDER/out, and ends with exit code 1 if
# anything failed. The libraries are those that the loader finds: LD_LIBRARY_PATH, CUDA_HOME and the
# like are passed on. The report is OUT/performance-gpu.md, which belongs under spec/.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
stages="conformance operators parity leaks times peers"

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
  # The build may need another Java than the one that travels: it finds JDK 25 by itself.
  (cd "$module/.." && env -u JAVA_HOME mvn -B -q -pl modalimmune-cuda -am test-compile \
    dependency:build-classpath -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test)
  mkdir -p "$folder/lib"
  "$jdk/bin/jlink" --output "$folder/runtime" --strip-debug --no-header-files --no-man-pages \
    --compress=zip-9 --add-modules java.base,java.logging,jdk.incubator.vector,jdk.management,jdk.unsupported,jdk.zipfs
  "$jdk/bin/jar" --create --file "$folder/lib/cuda.jar" -C "$module/target/classes" .
  "$jdk/bin/jar" --create --file "$folder/lib/cuda-tests.jar" -C "$module/target/test-classes" .
  number=0
  tr ':' '\n' < "$module/target/test-classpath" | while read -r entry || [ -n "$entry" ]; do
    number=$((number + 1))
    if [ -d "$entry" ]; then
      "$jdk/bin/jar" --create --file "$folder/lib/classes-$number.jar" -C "$entry" .
    else
      cp "$entry" "$folder/lib/"
    fi
  done
  mkdir -p "$folder/spec"
  cp -R "$module/../spec/vectors" "$folder/spec/vectors"
  cp "$here/run-on-gpu.sh" "$folder/"
  [ -z "$peers" ] || cp "$peers" "$folder/peers.py"
  du -sh "$folder"
}

# option NAME DEFAULT ARGUMENTS...: the value of the one option that a stage has
option() {
  name=$1
  value=$2
  shift 2
  while [ $# -gt 0 ]; do
    [ "$1" = "--$name" ] && [ $# -ge 2 ] || fail "unknown option $1; this stage takes --$name N"
    value=$2
    shift 2
  done
  echo "$value"
}

# java_stage STAGE MAIN ARGUMENTS...
java_stage() {
  stage=$1
  main=$2
  shift 2
  [ -x "$here/runtime/bin/java" ] || fail "there is no runtime here; run 'pack' first, then this from its folder"
  path=
  for entry in "$here"/lib/*.jar; do
    path=$path:$entry
  done
  # Golden vectors are looked for above the working folder, kernels are kept between the stages.
  written "$stage" env -C "$here" XDG_CACHE_HOME="${XDG_CACHE_HOME:-$here/cache}" \
    "$here/runtime/bin/java" -Xmx8g --enable-native-access=ALL-UNNAMED \
    --add-modules jdk.incubator.vector -Djqwik.database= -Djqwik.reporting.onlyfailures=true \
    -cp "${path#:}" "org.modalimmune.cuda.gpu.$main" "$@"
}

# written STAGE COMMAND...: runs it, its output to the terminal and to the stage's file
written() {
  stage=$1
  shift
  mkdir -p "$out"
  rm -f "$out/$stage.failed"
  { "$@" 2>&1 || { echo "$stage: FAILED"; touch "$out/$stage.failed"; }; } | tee "$out/$stage.txt"
  [ ! -e "$out/$stage.failed" ]
}

peers() {
  [ -f "$here/peers.py" ] || fail "no script of peers was packed; name one by pack --peers"
  if ! python3 -c 'import torch' 2> /dev/null; then
    written peers sh -c 'echo "python3 finds no module torch: install PyTorch on this machine"; exit 1'
    return
  fi
  written peers python3 "$here/peers.py" --device cuda --compile collapse mlp hvp neumann softmax \
    layernorm elementwise step gemm
}

report() {
  page=$out/performance-gpu.md
  mkdir -p "$out"
  status=0
  {
    echo "# Times on a card"
    echo
    echo "Run on $(date -u +%Y-%m-%d)."
    echo
    nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null \
      || echo "nvidia-smi gave no answer."
    for stage in $stages; do
      printf '\n## %s\n\n' "$stage"
      if [ -f "$out/$stage.txt" ]; then
        grep -v '^WARNING: Using incubator' "$out/$stage.txt" || true
      else
        echo "Not run."
      fi
    done
  } > "$page"
  for stage in $stages; do
    [ ! -e "$out/$stage.failed" ] || { echo "run-on-gpu: $stage failed" >&2; status=1; }
  done
  echo "$page"
  return $status
}

run() {
  steps=10000
  smaller=1
  while [ $# -gt 0 ]; do
    case $1 in
      --steps) [ $# -ge 2 ] || fail "--steps needs a number"; steps=$2; shift 2 ;;
      --smaller) [ $# -ge 2 ] || fail "--smaller needs a number"; smaller=$2; shift 2 ;;
      *) fail "unknown option $1" ;;
    esac
  done
  # A stage that fails is told by the report; the others run all the same.
  perform conformance || true
  perform operators || true
  perform parity || true
  perform leaks --steps "$steps" || true
  perform times --smaller "$smaller" || true
  [ ! -f "$here/peers.py" ] || perform peers || true
  report
}

perform() {
  stage=$1
  shift
  case $stage in
    conformance) java_stage conformance RunConformance kernels ;;
    operators) java_stage operators RunConformance operators ;;
    parity) java_stage parity Parity ;;
    leaks) steps=$(option steps 10000 "$@") || exit 2; java_stage leaks LeakCheck "$steps" ;;
    times) smaller=$(option smaller 1 "$@") || exit 2; java_stage times TimeTable "$smaller" ;;
    peers) peers ;;
    report) report ;;
  esac
}

out=${OUT:-$here/out}
command=${1:-}
[ $# -gt 0 ] && shift
case $command in
  pack) pack "$@" ;;
  run) run "$@" ;;
  conformance | operators | parity | leaks | times | peers | report) perform "$command" "$@" ;;
  *) fail "needs 'pack FOLDER', 'run' or a stage; see the head of this file" ;;
esac
