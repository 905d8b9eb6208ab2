// SPDX-License-Identifier: Apache-2.0
// The recorded results of bench/results against the code as it is: a loss of more than 2 % in instructions
// fails unless bench/accepted.toml explains it.
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

#include "bench/comparison.h"
#include "bench/measure.h"
#include "core/files.h"
#include "support/require.h"
#include "tflite/tflite.h"

namespace mote::bench {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> model_file(const std::string& model) {
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(test::reference_data_dir() / "models", ignored))
    if (entry.path().filename() == model + ".tflite") return entry.path();
  return std::nullopt;
}

Result<Recorded> measured_again(const Recorded& recorded, const fs::path& model) {
  MOTE_TRY(graph::Graph graph, tflite::read_file(model));
  graph.name = recorded.model;
  MOTE_TRY(const boards::Board board, boards::load(recorded.board));
  compile::CompileOptions options;
  options.isa = compile::isa_from(board.isa).value();
  options.optimize = compile::optimize_from(recorded.optimize).value();
  MOTE_TRY(const Measurement measured, measure_total(graph, board, options));
  return recorded_from(to_json(measured), "measured");
}

TEST(RecordedResults, HoldOrTheirLossIsExplained) {
  MOTE_REQUIRE_OR_SKIP(test::have_tool("arm-none-eabi-g++") && test::have_tool("qemu-system-arm"),
                       "arm-none-eabi-g++ and qemu-system-arm");
  MOTE_REQUIRE_OR_SKIP(test::have_tool("riscv64-unknown-elf-g++") && test::have_tool("qemu-system-riscv32"),
                       "riscv64-unknown-elf-g++ and qemu-system-riscv32");
  MOTE_REQUIRE_OR_SKIP(fs::exists(test::reference_data_dir() / "models"), "the reference models");
  const fs::path bench = fs::path(MOTE_SOURCE_DIR) / "bench";
  const auto recorded = read_recorded(bench / "results");
  ASSERT_TRUE(recorded.has_value()) << to_text(recorded.error());
  const auto accepted = parse_accepted(read_text(bench / "accepted.toml").value(), "bench/accepted.toml");
  ASSERT_TRUE(accepted.has_value()) << to_text(accepted.error());
  for (const Recorded& before : *recorded) {
    const auto file = model_file(before.model);
    ASSERT_TRUE(file.has_value()) << before.model;
    const auto after = measured_again(before, *file);
    ASSERT_TRUE(after.has_value()) << to_text(after.error());
    const std::vector<Change> changes = compare({before}, {*after}, *accepted);
    ASSERT_EQ(changes.size(), 1u) << before.model;
    EXPECT_FALSE(changes[0].is_loss && changes[0].accepted.empty())
        << before.model << " for " << before.optimize << ": " << before.instructions
        << " instructions were recorded, now there are " << after->instructions
        << "; improve it, or explain it in bench/accepted.toml";
  }
}

}  // namespace
}  // namespace mote::bench
