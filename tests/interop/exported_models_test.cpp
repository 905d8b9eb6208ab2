// SPDX-License-Identifier: Apache-2.0
// A model that Mote has read and written again is the same model to the official TensorFlow Lite runtime: it
// accepts the file, and gives every output byte that it gives for the file that the model came from.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/files.h"
#include "core/random.h"
#include "support/require.h"
#include "tflite/tflite.h"
#include "tflite_runtime.h"

namespace mote {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr int kRuns = 3;

/// Small numbers of any type: as floats they are finite, and as integers any.
Bytes random_input(std::size_t size, Rng& rng) {
  Bytes bytes(size);
  for (std::size_t at = 0; at < size; ++at)
    bytes[at] = static_cast<std::uint8_t>(at % 4 == 3 ? 0x3C + rng.below(4) : rng.below(256));
  return bytes;
}

/// Whether the runtime takes the file that the model came from; not every operator version is in it.
std::optional<test::OfficialInterpreter> original(const std::filesystem::path& library, const Bytes& file) {
  auto interpreter = test::OfficialInterpreter::create(library, file);
  if (!interpreter) return std::nullopt;
  return std::move(*interpreter);
}

/// Whether the runtime writes outside of its memory for this model, whoever wrote the file: a shape as an
/// input gets random numbers for extents, and an int8 state of an SVDF layer is taken for an int16 one.
bool corrupts_the_runtime(const graph::Graph& graph) {
  const bool takes_a_shape = std::ranges::any_of(
      graph.inputs, [&](graph::ValueId id) { return graph.value(id).dtype == graph::DType::kInt32; });
  return takes_a_shape || std::ranges::any_of(graph.nodes, [&](const graph::Node& node) {
           return node.op == "svdf" && graph.value(node.inputs.back()).dtype == graph::DType::kInt8;
         });
}

TEST(ExportedModels, AreTheSameToTheOfficialRuntime) {
  const auto library = test::official_runtime();
  MOTE_REQUIRE_OR_SKIP(library, "TensorFlow Lite's C library: scripts/install-interop, or MOTE_TFLITE_C");
  const auto folder = test::reference_data_dir() / "models";
  MOTE_REQUIRE_OR_SKIP(std::filesystem::exists(folder), "the reference models");
  int models = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".tflite") continue;
    SCOPED_TRACE(entry.path().filename());
    const auto file = read_bytes(entry.path());
    ASSERT_TRUE(file);
    const auto graph = tflite::read(*file, "original");
    if (!graph || corrupts_the_runtime(*graph)) continue;
    auto theirs = original(*library, *file);
    if (!theirs) continue;
    const auto written = tflite::write(*graph);
    ASSERT_TRUE(written) << to_text(written.error());
    auto ours = test::OfficialInterpreter::create(*library, *written);
    EXPECT_TRUE(ours) << to_text(ours.error());
    if (!ours) continue;
    Rng rng(3);
    for (int run = 0; run < kRuns; ++run) {
      std::vector<Bytes> inputs;
      for (const std::size_t size : theirs->input_sizes()) inputs.push_back(random_input(size, rng));
      const auto expected = theirs->run_all(inputs);
      const auto actual = ours->run_all(inputs);
      ASSERT_TRUE(expected && actual);
      EXPECT_EQ(*actual, *expected) << "run " << run;
    }
    ++models;
  }
  fmt::print("{} models\n", models);
  EXPECT_GT(models, 0);
}

}  // namespace
}  // namespace mote
