// SPDX-License-Identifier: Apache-2.0
#include "boards/emulator.h"

#include <fmt/format.h>

#include "core/files.h"
#include "core/process.h"

namespace mote::boards {

Result<void> require_emulator(const Board& board) {
  if (board.emulator.empty())
    return fail(ErrorKind::kUsage, fmt::format("board '{}' has no emulator", board.name), "",
                "choose a qemu-... board");
  return {};
}

Result<void> require_qemu(const Board& board) {
  if (board.emulator.starts_with("qemu-")) return {};
  MOTE_CHECK(require_emulator(board));
  return fail(ErrorKind::kUsage, fmt::format("board '{}' is not emulated by QEMU", board.name), "",
              "choose a qemu-... board");
}

Result<std::string> run_emulator(const Board& board, const EmulatorRun& run) {
  MOTE_CHECK(require_emulator(board));
  const std::string argument = run.command_line.empty() ? "" : ",arg=" + run.command_line;
  std::vector<std::string> command = {board.emulator,
                                      "-M",
                                      board.emulator_machine,
                                      "-display",
                                      "none",
                                      "-monitor",
                                      "none",
                                      "-nodefaults",
                                      "-serial",
                                      "file:serial.txt",
                                      "-semihosting-config",
                                      "enable=on,target=native" + argument,
                                      "-kernel",
                                      run.image.string()};
  if (!board.emulator_firmware.empty()) command.insert(command.end(), {"-bios", board.emulator_firmware});
  command.insert(command.end(), run.arguments.begin(), run.arguments.end());
  MOTE_TRY(const ProcessResult result,
           run_process(command, {.working_directory = run.folder, .timeout = run.timeout}));
  if (result.exit_code != 0)
    return fail(ErrorKind::kInternal,
                fmt::format("{} ended with code {}: {}", board.emulator, result.exit_code, result.errors));
  return read_text(run.folder / "serial.txt");
}

}  // namespace mote::boards
