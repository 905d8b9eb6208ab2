// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "boards/boards.h"
#include "core/error.h"

namespace mote::boards {

/// One run of an image in a board's emulator.
struct EmulatorRun {
  std::filesystem::path folder;   ///< where the emulator works; gets serial.txt
  std::filesystem::path image;    ///< ELF file; relative to `folder`, or absolute
  std::string command_line = {};  ///< of the image, by semihosting; a word without commas; empty: none
  std::vector<std::string> arguments = {};  ///< further ones for the emulator
  std::chrono::milliseconds timeout = std::chrono::minutes(10);
};

/// Errors: kUsage if the board has no emulator.
Result<void> require_emulator(const Board& board);

/// The same for what only QEMU can do. Errors: kUsage if the board has no emulator or another one.
Result<void> require_qemu(const Board& board);

/// Runs an image to its end in QEMU and returns what it wrote to the serial line. Errors: kUsage if the board
/// has no emulator or that is not installed; kInternal if it runs longer than the timeout or ends with
/// another code than 0.
Result<std::string> run_emulator(const Board& board, const EmulatorRun& run);

}  // namespace mote::boards
