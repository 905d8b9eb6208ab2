#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Instructions per inference, code, constants and RAM of generated code on an emulated Cortex-M4.
# Usage: bench/generated_cortex_m4.sh DIR [optimisation flag, default -O2]; DIR is what `mote compile -o DIR` wrote.
# Needs arm-none-eabi-g++ and qemu-system-arm.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
directory=$1
optimise=${2:--O2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The machine has 4 MB of each; the tests' script keeps to what a microbit has.
sed -e "s/LENGTH = 256K/LENGTH = 4M/" -e "s/LENGTH = 16K/LENGTH = 4M/" "$root/device/tests/emulated/cortex_m.ld" >"$work/image.ld"

model=$(basename "$(ls "$directory"/*_c.h | head -n 1)" _c.h)
include="-I$root/device/include -I$root/device/tests/emulated -I$directory"
target="-mcpu=cortex-m4 -mthumb -std=c++14 $optimise -ffreestanding -fno-exceptions -fno-rtti -ffunction-sections -fdata-sections -Wall -Wextra -Werror"
arm-none-eabi-g++ $target $include -c "$directory/$model.cpp" -o "$work/model.o"
arm-none-eabi-g++ $target $include -DMODEL="$model" -DMODEL_HEADER="\"$model.h\"" -nostdlib -Wl,--gc-sections \
  -T "$work/image.ld" "$work/model.o" "$root/bench/generated/main.cpp" \
  "$root/device/tests/emulated/cortex_m.cpp" "$root/device/tests/emulated/platform.cpp" -lgcc -o "$work/bench.elf"

echo "model $model, arm-none-eabi-g++ $(arm-none-eabi-g++ -dumpfullversion) -mcpu=cortex-m4 $optimise"
timeout 60 qemu-system-arm -M mps2-an386 -nographic -monitor none -serial none -semihosting -icount shift=10 \
  -kernel "$work/bench.elf" 2>&1
echo "code bytes by function (all functions of the model, used or not):"
arm-none-eabi-nm -S -C --size-sort -t d "$work/model.o" |
  awk '$3 ~ /[tTwW]/ { bytes = $2 + 0; $1 = $2 = $3 = ""; printf "%8d %s\n", bytes, $0; sum += bytes } END { printf "%8d   total\n", sum }'
