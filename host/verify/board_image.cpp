// SPDX-License-Identifier: Apache-2.0
#include "verify/board_image.h"

#include <fmt/format.h>

#include "boards/emulator.h"
#include "core/files.h"
#include "core/process.h"
#include "core/resources.h"

namespace mote::verify {
namespace {

namespace fs = std::filesystem;

/// The sensor plays no part; a board's driver wants one.
constexpr const char* kBoardConfig = R"(#pragma once
#include <stdint.h>
#include "mote/runtime/contract.h"
namespace board_config {{
using Sensor = mote::runtime::SensorContract<
    1000, mote::runtime::SensorGroup<mote::runtime::SensorKind::kOther, 1, mote::runtime::Unit::kCounts, 1000>>;
constexpr int32_t kFlashBytes = {flash};
constexpr int32_t kRamBytes = {ram};
constexpr int32_t kStackBytes = {stack};
constexpr int64_t kClockHz = {clock};
inline const char* name() {{ return "bare"; }}
}}  // namespace board_config
)";

Result<void> build(const compile::CompiledModel& model, const boards::Board& board, const fs::path& folder) {
  MOTE_TRY(const fs::path include, resource("device/include"));
  MOTE_TRY(const fs::path common, resource("boards/common"));
  std::vector<std::string> command = {board.compiler};
  command.insert(command.end(), board.flags.begin(), board.flags.end());
  for (const std::string option : {"-std=c++14", "-O2", "-w", "-ffreestanding", "-fno-exceptions",
                                   "-fno-rtti", "-fno-threadsafe-statics", "-ffunction-sections",
                                   "-fdata-sections", "-nostdlib", "-Wl,--gc-sections", "-I."})
    command.push_back(option);
  for (const fs::path& path : {board.folder, common, include}) command.push_back("-I" + path.string());
  command.push_back("-T" + (board.folder / "memory.ld").string());
  command.push_back(fmt::format("-Wl,--defsym=mote_flash_bytes={}", board.flash_bytes));
  command.push_back(fmt::format("-Wl,--defsym=mote_ram_bytes={}", board.ram_bytes));
  command.push_back(fmt::format("-Wl,--defsym=mote_stack_bytes={}", board.stack_bytes));
  command.emplace_back("main.cpp");
  command.push_back(model.identifier + ".cpp");
  for (const fs::path& file : list_files(board.folder, ".cpp")) command.push_back(file.string());
  for (const fs::path& file : list_files(common, ".cpp")) command.push_back(file.string());
  for (const std::string option : {"-lgcc", "-o", "image.elf"}) command.push_back(option);
  MOTE_TRY(const ProcessResult built, run_process(command, {.working_directory = folder}));
  if (built.exit_code == 0) return {};
  const bool too_large = built.errors.find("will not fit") != std::string::npos ||
                         built.errors.find("overflowed") != std::string::npos;
  return fail(too_large ? ErrorKind::kInput : ErrorKind::kInternal,
              fmt::format("the model and its inputs do not build for board '{}': {}", board.name,
                          built.errors.substr(0, 1000)));
}

}  // namespace

Result<void> build_board_image(const compile::CompiledModel& model, const boards::Board& board,
                               std::string_view main_source, const fs::path& folder) {
  MOTE_CHECK(boards::require_emulator(board));
  for (const auto& file : model.files)
    MOTE_CHECK(write_file(folder / file.name, std::string_view(file.content)));
  MOTE_CHECK(write_file(folder / "main.cpp", main_source));
  MOTE_CHECK(write_file(folder / "board_config.h",
                        fmt::format(fmt::runtime(kBoardConfig), fmt::arg("flash", board.flash_bytes),
                                    fmt::arg("ram", board.ram_bytes), fmt::arg("stack", board.stack_bytes),
                                    fmt::arg("clock", board.clock_hz))));
  return build(model, board, folder);
}

}  // namespace mote::verify
