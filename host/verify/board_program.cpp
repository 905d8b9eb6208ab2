// SPDX-License-Identifier: Apache-2.0
#include "verify/board_program.h"

#include <fmt/format.h>

#include <optional>

#include "core/files.h"
#include "core/process.h"
#include "core/resources.h"
#include "core/temporary_folder.h"
#include "core/text.h"

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
inline const char* name() {{ return "verify"; }}
}}  // namespace board_config
)";

constexpr const char* kMain = R"(#include "board.h"
#include "{model}.h"

using Model = mote_models::{model}::Model;

namespace {{

alignas(8) uint8_t memory[Model::kMemoryBytes];
{state}
const uint8_t inputs[] = {{
{inputs}}};

void write_hex(const uint8_t* bytes, int32_t count) {{
  for (int32_t index = 0; index < count; ++index) {{
    const char text[2] = {{"0123456789abcdef"[bytes[index] >> 4], "0123456789abcdef"[bytes[index] & 15]}};
    Board::write_serial(text, 2);
  }}
}}

void copy(uint8_t* to, const uint8_t* from, int32_t count) {{
  for (int32_t index = 0; index < count; ++index) to[index] = from[index];
}}

}}  // namespace

int main() {{
  Board::init();
  {reset}
  for (int32_t at = 0; at < static_cast<int32_t>(sizeof(inputs));) {{
    {reset_each}
{copies}    Model::run(memory{argument});
{writes}    Board::write_serial("\n", 1);
  }}
  Board::write_serial(Model::weights_crc32() == Model::kWeightsCrc32 ? "end\n" : "bad\n", 4);
  Board::finish();
  return 0;
}}
)";

std::string main_source(const compile::CompiledModel& model, const std::vector<Bytes>& inputs,
                        bool keep_state) {
  const bool has_state = model.layout.state_bytes > 0;
  std::string bytes, copies, writes;
  for (const Bytes& run : inputs) {
    for (std::size_t index = 0; index < run.size(); ++index)
      bytes += fmt::format("{},{}", run[index], index % 32 == 31 ? "\n" : "");
    bytes += "\n";
  }
  const auto suffix = [](std::size_t number) {
    return number == 0 ? std::string() : fmt::format("_{}", number);
  };
  for (std::size_t number = 0; number < model.inputs; ++number)
    copies += fmt::format(
        "    copy(reinterpret_cast<uint8_t*>(Model::input{0}(memory)), inputs + at, Model::kInput{0}Bytes);\n"
        "    at += Model::kInput{0}Bytes;\n",
        suffix(number));
  for (std::size_t number = 0; number < model.outputs; ++number)
    writes += fmt::format(
        "    write_hex(reinterpret_cast<const uint8_t*>(Model::output{0}(memory)), "
        "Model::kOutput{0}Bytes);\n",
        suffix(number));
  const std::string reset = has_state ? "Model::reset(state);" : "";
  return fmt::format(fmt::runtime(kMain), fmt::arg("model", model.identifier),
                     fmt::arg("state", has_state ? "alignas(8) uint8_t state[Model::kStateBytes];" : ""),
                     fmt::arg("inputs", bytes), fmt::arg("reset", reset),
                     fmt::arg("reset_each", keep_state ? "" : reset), fmt::arg("copies", copies),
                     fmt::arg("argument", has_state ? ", state" : ""), fmt::arg("writes", writes));
}

Result<void> build_image(const compile::CompiledModel& model, const boards::Board& board,
                         const fs::path& folder) {
  MOTE_TRY(const fs::path include, resource("device/include"));
  MOTE_TRY(const fs::path common, resource("boards/common"));
  std::vector<std::string> command = {board.compiler};
  command.insert(command.end(), board.flags.begin(), board.flags.end());
  for (const std::string option : {"-std=c++14", "-O2", "-w", "-ffreestanding", "-fno-exceptions",
                                   "-fno-rtti", "-fno-threadsafe-statics", "-ffunction-sections",
                                   "-fdata-sections", "-nostdlib", "-Wl,--gc-sections", "-I."})
    command.push_back(option);
  for (const fs::path& path : {board.folder, include}) command.push_back("-I" + path.string());
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

Result<std::string> run_image(const boards::Board& board, const fs::path& folder) {
  const ProcessOptions options{.working_directory = folder, .timeout = std::chrono::minutes(10)};
  MOTE_TRY(const ProcessResult result,
           run_process({board.emulator, "-M", board.emulator_machine, "-display", "none", "-monitor", "none",
                        "-nodefaults", "-serial", "file:serial.txt", "-semihosting-config",
                        "enable=on,target=native", "-kernel", "image.elf"},
                       options));
  if (result.exit_code != 0)
    return fail(ErrorKind::kInternal,
                fmt::format("{} ended with code {}: {}", board.emulator, result.exit_code, result.errors));
  return read_text(folder / "serial.txt");
}

/// Two hexadecimal digits a byte; nothing if there is another character.
std::optional<Bytes> from_hex(std::string_view text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  Bytes bytes;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    if (digit(text[at]) < 0 || digit(text[at + 1]) < 0) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(digit(text[at]) * 16 + digit(text[at + 1])));
  }
  return bytes;
}

}  // namespace

Result<std::vector<Bytes>> run_on_board(const compile::CompiledModel& model, const boards::Board& board,
                                        const std::vector<Bytes>& inputs, bool keep_state) {
  if (board.emulator.empty())
    return fail(ErrorKind::kUsage, fmt::format("board '{}' has no emulator", board.name), "",
                "choose a qemu-... board");
  MOTE_TRY(const TemporaryFolder workshop, TemporaryFolder::create("mote-verify"));
  const fs::path& folder = workshop.path();
  for (const auto& file : model.files)
    MOTE_CHECK(write_file(folder / file.name, std::string_view(file.content)));
  MOTE_CHECK(write_file(folder / "main.cpp", main_source(model, inputs, keep_state)));
  MOTE_CHECK(write_file(folder / "board_config.h",
                        fmt::format(fmt::runtime(kBoardConfig), fmt::arg("flash", board.flash_bytes),
                                    fmt::arg("ram", board.ram_bytes), fmt::arg("stack", board.stack_bytes),
                                    fmt::arg("clock", board.clock_hz))));
  MOTE_CHECK(build_image(model, board, folder));
  MOTE_TRY(const std::string text, run_image(board, folder));
  const std::vector<std::string_view> lines = split(text, '\n');
  if (lines.size() < inputs.size() + 1 || lines[inputs.size()] != "end")
    return fail(ErrorKind::kInternal,
                fmt::format("the image on board '{}' wrote {} lines, expected {} and 'end'", board.name,
                            lines.size(), inputs.size()));
  std::vector<Bytes> outputs;
  for (std::size_t run = 0; run < inputs.size(); ++run) {
    auto bytes = from_hex(lines[run]);
    if (!bytes)
      return fail(ErrorKind::kInternal,
                  fmt::format("run {} on board '{}' wrote no hexadecimal", run, board.name));
    outputs.push_back(std::move(*bytes));
  }
  return outputs;
}

}  // namespace mote::verify
