#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Instructions and code bytes of a 300-32-16-3 int8 network with softmax on an emulated Cortex-M4, per kernel variant.
# Needs g++, arm-none-eabi-g++ and qemu-system-arm. Usage: bench/dense_cortex_m4.sh [optimisation flag, default -O2]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
optimise=${1:--O2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

include="-I$root/device/include -I$root/device/tests/emulated -I$work"
target="-mcpu=cortex-m4 -mthumb -std=c++14 $optimise -ffreestanding -fno-exceptions -fno-rtti -ffunction-sections -Wall -Wextra -Werror"
g++ -std=c++17 -O1 $include "$root/bench/dense/make_tables.cpp" -o "$work/make_tables"

printf '%-14s %-12s %12s %10s %12s  %s\n' variant scales instructions code_bytes table_bytes outputs
for variant in cortex_m_dsp plain reference; do
  for scales in per_tensor per_channel; do
    "$work/make_tables" $variant $scales >"$work/tables.h"
    arm-none-eabi-g++ $target $include -c "$root/bench/dense/model.cpp" -o "$work/model.o"
    arm-none-eabi-g++ $target $include -nostdlib -Wl,--gc-sections -T "$root/device/tests/emulated/cortex_m.ld" \
      "$work/model.o" "$root/bench/dense/main.cpp" "$root/device/tests/emulated/cortex_m.cpp" \
      "$root/device/tests/emulated/platform.cpp" -lgcc -o "$work/bench.elf"
    line=$(timeout 20 qemu-system-arm -M mps2-an386 -nographic -monitor none -serial none -semihosting -icount shift=10 \
      -kernel "$work/bench.elf" 2>&1)
    instructions=$(echo "$line" | cut -d' ' -f2)
    outputs=$(echo "$line" | cut -d' ' -f4-)
    code=$(arm-none-eabi-size -A "$work/model.o" | awk '$1 ~ /^\.text/ { sum += $2 } END { print sum }')
    tables=$(arm-none-eabi-size -A "$work/model.o" | awk '$1 ~ /^\.rodata/ { sum += $2 } END { print sum - 300 }')
    printf '%-14s %-12s %12s %10s %12s  %s\n' $variant $scales "$instructions" "$code" "$tables" "$outputs"
  done
done
