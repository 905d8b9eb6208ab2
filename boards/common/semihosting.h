// SPDX-License-Identifier: Apache-2.0
#pragma once

// What boards in an emulator ask of the computer it runs on (Arm IHI 0057; the same numbers on RISC-V).

#include <stdint.h>

namespace semihosting {

constexpr int32_t kOpen = 0x01;
constexpr int32_t kRead = 0x06;
constexpr int32_t kGetCommandLine = 0x15;
constexpr int32_t kExitExtended = 0x20;

/// The instruction that calls the emulator; the processor's own.
int32_t call(int32_t operation, const void* argument);

/// Reads the file named on the emulator's command line into `to`; returns the bytes, or -1 if there is none.
inline int32_t read_named_file(uint32_t to, uint32_t limit) {
  char path[256];
  struct {
    char* buffer;
    int32_t length;
  } command_line = {path, static_cast<int32_t>(sizeof(path))};
  if (call(kGetCommandLine, &command_line) != 0 || command_line.length <= 0) return -1;
  const struct {
    const char* path;
    uint32_t mode;  // 1: read, binary
    int32_t length;
  } open = {path, 1, command_line.length};
  const int32_t file = call(kOpen, &open);
  if (file < 0) return -1;
  const struct {
    int32_t file;
    uint32_t to;
    uint32_t length;
  } read = {file, to, limit};
  const int32_t left = call(kRead, &read);
  return left < 0 ? -1 : static_cast<int32_t>(limit) - left;
}

}  // namespace semihosting
