#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Cycles, flash and RAM of one inference of each model on an ATmega328P (simavr), outputs compared with the host's.
# Needs build/mote, g++, avr-g++ and simavr. Usage: bench/avr.sh MODEL.tflite...
set -eu
[ $# -gt 0 ] || { echo "usage: bench/avr.sh MODEL.tflite..." >&2; exit 2; }
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

printf '%-28s %10s %12s %12s %10s %8s\n' model cycles flash_bytes model_bytes ram_bytes stack
for model in "$@"; do
  "$root/build/mote" compile "$model" -o "$work/model" --isa avr --optimize size >/dev/null
  header=$(basename "$(ls "$work"/model/*.cpp | grep -v mote_run)" .cpp)
  printf '#include "%s.h"\nusing Model = mote_models::%s::Model;\n' "$header" "$header" >"$work/model/avr_model.h"
  sources="$work/model/$header.cpp $root/bench/avr/main.cpp"
  flags="${OPTIMISE:--O2} -Wall -Wextra -I$root/device/include -I$work/model -DMODEL_HEADER=\"avr_model.h\""
  g++ -std=c++14 $flags $sources -o "$work/host"
  emulated="$root/device/tests/emulated"
  avr-g++ -std=gnu++14 -mmcu=atmega328p -nostdlib -ffreestanding -fno-exceptions -fno-rtti -ffunction-sections -fdata-sections \
    -Wl,--gc-sections $flags "-I$emulated" $sources "$emulated/avr.cpp" "$emulated/platform.cpp" -lgcc -o "$work/image.elf"
  timeout 120 simavr -m atmega328p -f 16000000 "$work/image.elf" 2>&1 | tr -d '\r' | sed 's/\x1b\[[0-9;]*m//g; s/\.*$//' >"$work/printed"
  "$work/host" >"$work/expected"
  grep '^output' "$work/printed" >"$work/found" || true
  cmp -s "$work/expected" "$work/found" || { echo "$header: other outputs than on the host" >&2; exit 1; }
  flash=$(avr-size -A "$work/image.elf" | awk '$1 == ".text" || $1 == ".data" { sum += $2 } END { print sum }')
  ram=$(avr-size -A "$work/image.elf" | awk '$1 == ".data" || $1 == ".bss" { sum += $2 } END { print sum }')
  of_model=$(avr-nm -S -C --size-sort "$work/image.elf" | awk '/ (mote_models|mote)::/ && $3 ~ /[tTrRwW]/ { print $2 }' |
    while read -r size; do printf '%d\n' "0x$size"; done | awk '{ sum += $1 } END { print sum }')
  cycles=$(sed -n 's/^cycles //p' "$work/printed")
  stack=$(sed -n 's/^stack //p' "$work/printed")
  printf '%-28s %10s %12s %12s %10s %8s\n' "$header" "$cycles" "$flash" "$of_model" "$ram" "$stack"
  rm -rf "$work/model"
done
