// SPDX-License-Identifier: Apache-2.0
#pragma once

// The stack is painted at start-up: what is still painted was never used. The lowest words are the canary.

#include <stdint.h>

// From memory.ld; the stack grows down from its end to its start.
extern "C" {
extern uint32_t mote_stack_start[];
extern uint32_t mote_stack_end[];
}

namespace stack {

constexpr uint32_t kPaint = 0x4D6F7465;
constexpr int32_t kCanaryWords = 4;

/// At start-up, from a function that has nothing on the stack but its own few variables.
__attribute__((always_inline)) inline void paint() {
  constexpr int32_t kOwnWords = 16;
  const uint32_t* const end = static_cast<const uint32_t*>(__builtin_frame_address(0)) - kOwnWords;
  for (volatile uint32_t* word = mote_stack_start; word < end; ++word) *word = kPaint;
}

inline bool is_intact() {
  const volatile uint32_t* const words = mote_stack_start;
  for (int32_t word = 0; word < kCanaryWords; ++word)
    if (words[word] != kPaint) return false;
  return true;
}

inline int32_t unused_bytes() {
  const volatile uint32_t* word = mote_stack_start;
  while (word < mote_stack_end && *word == kPaint) ++word;
  return static_cast<int32_t>(word - mote_stack_start) * static_cast<int32_t>(sizeof(uint32_t));
}

}  // namespace stack
