// SPDX-License-Identifier: Apache-2.0
#include "boards/emulator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files.h"
#include "support/require.h"

namespace mote::boards {
namespace {

using ::testing::HasSubstr;

/// A program that stands for the emulator: a shell script.
Board board_with(const std::filesystem::path& folder, std::string_view script) {
  namespace fs = std::filesystem;
  const fs::path program = folder / "emulator";
  EXPECT_TRUE(write_file(program, script).has_value());
  fs::permissions(program, fs::perms::owner_all);
  Board board;
  board.name = "qemu-test";
  board.emulator = program.string();
  board.emulator_machine = "test";
  return board;
}

TEST(Emulator, ReturnsTheSerialLineAndHandsArgumentsOn) {
  const test::TemporaryDirectory folder;
  const Board board = board_with(folder.path(), "#!/bin/sh\necho \"$@\" > serial.txt\n");
  const auto serial = run_emulator(
      board,
      {.folder = folder.path(), .image = "x.elf", .command_line = "in.bin", .arguments = {"-icount", "1"}});
  ASSERT_TRUE(serial.has_value()) << to_text(serial.error());
  EXPECT_THAT(*serial, HasSubstr("-M test "));
  EXPECT_THAT(*serial, HasSubstr("target=native,arg=in.bin -kernel x.elf -icount 1"));
}

TEST(Emulator, AFailureIsToldWithWhatTheEmulatorSaid) {
  const test::TemporaryDirectory folder;
  const Board board = board_with(folder.path(), "#!/bin/sh\necho no such machine >&2\nexit 3\n");
  const auto serial = run_emulator(board, {.folder = folder.path(), .image = "x.elf"});
  ASSERT_FALSE(serial.has_value());
  EXPECT_EQ(serial.error().kind, ErrorKind::kInternal);
  EXPECT_THAT(serial.error().what, HasSubstr("ended with code 3: no such machine"));
}

TEST(Emulator, ABoardWithoutOneIsRefused) {
  Board board;
  board.name = "nano";
  const auto serial = run_emulator(board, {.folder = ".", .image = "x.elf"});
  ASSERT_FALSE(serial.has_value());
  EXPECT_EQ(serial.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(serial.error().hint, "choose a qemu-... board");
}

TEST(Emulator, ABoardOfAnotherEmulatorThanQemuIsRefusedWhereOnlyThatWillDo) {
  Board board;
  board.name = "nano";
  board.emulator = "rp2040js";
  EXPECT_TRUE(require_emulator(board).has_value());
  const auto refused = require_qemu(board);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().what, "board 'nano' is not emulated by QEMU");
  board.emulator = "qemu-system-arm";
  EXPECT_TRUE(require_qemu(board).has_value());
}

}  // namespace
}  // namespace mote::boards
