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

/// Opens the file named on the emulator's command line; -1 if there is none.
inline int32_t open_named_file() {
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
  return call(kOpen, &open);
}

/// Reads the next bytes of a file into `to`; returns how many there were, or -1 if it cannot be read.
inline int32_t read(int32_t file, void* to, int32_t count) {
  const struct {
    int32_t file;
    void* to;
    int32_t count;
  } block = {file, to, count};
  const int32_t left = call(kRead, &block);
  return left < 0 ? -1 : count - left;
}

/// Reads the file named on the emulator's command line into `to`; returns the bytes, or -1 if there is none.
inline int32_t read_named_file(uint32_t to, uint32_t limit) {
  const int32_t file = open_named_file();
  if (file < 0) return -1;
  return read(file, reinterpret_cast<void*>(to), static_cast<int32_t>(limit));
}

}  // namespace semihosting
