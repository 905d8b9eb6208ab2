// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a test image may ask of the emulated machine that it runs on.

#include <stdint.h>

namespace platform {

/// Writes text, up to its terminating zero, where the emulator prints it.
void write(const char* text);

/// Writes a number in decimal.
void write(int32_t number);

/// Ends the emulation; 0 is success.
[[noreturn]] void exit(int32_t code);

}  // namespace platform
