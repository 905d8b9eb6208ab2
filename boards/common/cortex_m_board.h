// SPDX-License-Identifier: Apache-2.0
#pragma once

// What emulated boards with an Arm Cortex-M core have in common.

#include "emulated_board.h"

struct CortexMBoard : EmulatedBoard {
  static void disable_interrupts() { __asm__ volatile("cpsid i" ::: "memory"); }
  static void enable_interrupts() { __asm__ volatile("cpsie i" ::: "memory"); }
};
