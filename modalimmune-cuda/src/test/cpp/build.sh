#!/bin/sh
# Builds the software CUDA device: shared libraries with the names and entry points of NVIDIA's.
#   build.sh OUTPUT_FOLDER
# Without g++ for x86-64 Linux it says so, leaves no library behind and succeeds: the tests that need the device then skip.
set -eu

out=$1
here=$(cd "$(dirname "$0")" && pwd)
cxx=${CXX:-g++}

stamp=$(cat "$here"/* | cksum)
if [ "$(cat "$out/built" 2>/dev/null)" = "$stamp" ]; then
  exit 0
fi
rm -rf "$out"
mkdir -p "$out"
out=$(cd "$out" && pwd)
if ! command -v "$cxx" >/dev/null 2>&1 || [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
  echo "WARNING: no $cxx for x86-64 Linux: the software CUDA device is not built, all tests on it will be SKIPPED" >&2
  exit 0
fi

flags="-std=c++17 -O2 -fPIC -Wall -Wextra -Werror"

# The libraries of CUDA 12 and of CUDA 13 differ in their names and in the versions they tell.
object() {
  "$cxx" $flags -c "$here/$1.cpp" -o "$out/$2.o" $3
}

# $1 soname, the rest: what to link. Symbols carry the soname as their version, as NVIDIA's do.
library() {
  soname=$1
  shift
  printf '%s { global: *; };\n' "$soname" > "$out/$soname.map"
  "$cxx" -shared -Wl,-soname,"$soname" -Wl,--version-script="$out/$soname.map" -Wl,-rpath,'$ORIGIN:$ORIGIN/..' \
    -o "$out/$soname" "$@"
  rm "$out/$soname.map"
}

core="settings memory stream fiber block races module driver"
for source in $core translate; do object "$source" "$source" "" & done
object nvrtc nvrtc13 -DSOFTWARE_NVRTC_VERSION=13000 &
object nvrtc nvrtc12 -DSOFTWARE_NVRTC_VERSION=12060 &
object blas blas13 -DSOFTWARE_CUBLAS_VERSION=130000 &
object blas blas12 -DSOFTWARE_CUBLAS_VERSION=120600 &
object solver solver12 -DSOFTWARE_CUSOLVER_VERSION=12000 &
object solver solver11 -DSOFTWARE_CUSOLVER_VERSION=11700 &
object solver_mg solver_mg "" &
object blas blas_incomplete "-DSOFTWARE_CUBLAS_VERSION=130000 -DSOFTWARE_WITHOUT_DOUBLE" &
wait

cd "$out"
"$cxx" -shared -Wl,-soname,libcuda.so.1 -o libcuda.so.1 $(for source in $core; do echo "$source.o"; done) -ldl
library libnvrtc.so.13 nvrtc13.o translate.o libcuda.so.1 -ldl
library libnvrtc.so.12 nvrtc12.o translate.o libcuda.so.1 -ldl
library libcublas.so.12 blas12.o libcuda.so.1
library libcusolver.so.12 solver12.o libcuda.so.1
library libcusolver.so.11 solver11.o libcuda.so.1
library libcusolverMg.so.11 solver_mg.o
# A cuBLAS that lacks functions, for the tests of what happens then.
mkdir incomplete
library libcublas.so.13 blas_incomplete.o libcuda.so.1
mv libcublas.so.13 incomplete/
library libcublas.so.13 blas13.o libcuda.so.1
rm ./*.o
cp "$here/emulation.h" "$here/kernel_image.h" .
echo "$stamp" > built
