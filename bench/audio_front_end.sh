#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Instructions of a second of audio (49 frames of 30 ms, 40 channels) through the audio front end of micro_speech, by
# block, and its RAM, on an emulated core. Needs g++, libfmt, arm-none-eabi-g++ or riscv64-unknown-elf-g++, and QEMU.
# Usage: bench/audio_front_end.sh [cortex-m4 (default) | cortex-m0plus | riscv32] [optimisation flag, default -O2]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
core=${1:-cortex-m4}
optimise=${2:--O2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

emulated=$root/device/tests/emulated
g++ -std=c++23 -O1 -ffp-contract=off -I"$root/host" -I"$root/device/include" "$root/bench/audio_front_end/make_tables.cpp" \
  "$root/host/features/design/fft16.cpp" "$root/host/features/design/mel_amplitude.cpp" -lfmt -o "$work/make_tables"
"$work/make_tables" >"$work/tables.h"
# The scripts keep to what a microbit has; the emulated boards have more.
sed 's/LENGTH = [0-9]*K/LENGTH = 4M/' "$emulated/cortex_m.ld" >"$work/cortex_m.ld"
flags="-std=c++14 $optimise -ffreestanding -nostdlib -fno-exceptions -fno-rtti -Wall -Wextra -Werror -I$root/device/include -I$emulated -I$work"
case $core in
  cortex-m4) machine=mps2-an386 ;;
  cortex-m0plus) machine=mps2-an385 ;;  # the Cortex-M3 runs what is compiled for a Cortex-M0+ too
esac
options="-nographic -monitor none -serial none -semihosting -icount shift=10 -kernel"
if [ "$core" = riscv32 ]; then
  riscv64-unknown-elf-g++ $flags -march=rv32imc -mabi=ilp32 -T "$emulated/riscv.ld" "$root/bench/audio_front_end/main.cpp" \
    "$emulated/riscv.cpp" "$emulated/platform.cpp" "$root/boards/common/memory_functions.cpp" -lgcc -o "$work/image.elf"
  qemu-system-riscv32 -M virt -bios none -nographic -monitor none -serial none -semihosting -icount shift=0 -kernel "$work/image.elf" 2>&1
else
  arm-none-eabi-g++ $flags -mthumb -mcpu="$core" -T "$work/cortex_m.ld" "$root/bench/audio_front_end/main.cpp" \
    "$emulated/cortex_m.cpp" "$emulated/platform.cpp" -lgcc -o "$work/image.elf"
  qemu-system-arm -M $machine $options "$work/image.elf" 2>&1
fi
