// SPDX-License-Identifier: Apache-2.0
#include "verify/board_program.h"

#include <fmt/format.h>

#include "boards/emulator.h"
#include "core/temporary_folder.h"
#include "core/text.h"
#include "verify/board_image.h"

namespace mote::verify {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

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

Result<std::vector<Bytes>> run_on_board(const compile::CompiledModel& model, const boards::Board& board,
                                        const std::vector<Bytes>& inputs, bool keep_state) {
  MOTE_TRY(const TemporaryFolder workshop, TemporaryFolder::create("mote-verify"));
  const fs::path& folder = workshop.path();
  MOTE_CHECK(build_board_image(model, board, main_source(model, inputs, keep_state), folder));
  MOTE_TRY(const std::string text, boards::run_emulator(board, {.folder = folder, .image = "image.elf"}));
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
