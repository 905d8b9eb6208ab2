// SPDX-License-Identifier: Apache-2.0
#include "diagnose/stages.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "compile/passes/passes.h"
#include "core/random.h"
#include "ops/test_graphs.h"
#include "quantize/quantize.h"
#include "support/require.h"

namespace mote::diagnose {
namespace {

constexpr std::int32_t kWindow = 12;  // of the test model
constexpr std::int32_t kAxes = 3;

/// A small network, its int8 form, and held-out recordings of noise.
struct Setting {
  dataset::Dataset dataset;
  graph::Graph model_float = ops::test::dense_model();
  graph::Graph model_int8;
  HeldOut held_out;

  Setting() {
    Rng rng(5);
    dataset.labels = model_float.metadata.labels;
    dataset.axes = kAxes;
    held_out.windows.rows = kWindow;
    held_out.windows.columns = kAxes;
    for (std::int32_t recording = 0; recording < 12; ++recording) {
      dataset::Recording entry;
      entry.description.id = fmt::format("r{}", recording);
      entry.label = recording % 3;
      entry.part = dataset::Part::kTest;
      dataset.recordings.push_back(entry);
      for (int window = 0; window < 4; ++window) {
        held_out.windows.label.push_back(entry.label);
        held_out.windows.recording.push_back(recording);
        for (int value = 0; value < kWindow * kAxes; ++value)
          held_out.windows.features.push_back(static_cast<std::int16_t>(2048 * rng.normal()));
      }
    }
    held_out.dataset = &dataset;
    std::vector<float> calibration;
    for (const std::int16_t feature : held_out.windows.features) calibration.push_back(feature / 2048.0f);
    auto quantized = quantize::quantize(model_float, calibration);
    EXPECT_TRUE(quantized.has_value());
    if (quantized.has_value()) model_int8 = std::move(quantized->graph);
  }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;
};

/// The records that a device which computes what `run` computed would send.
Json records_of(const StageRun& run) {
  Json recordings = Json::array();
  for (std::size_t recording = 0; recording < run.evaluation.recordings.size(); ++recording) {
    const auto& entry = run.evaluation.recordings[recording];
    Json windows = Json::array();
    for (std::size_t window = 0; window < entry.windows.size(); ++window)
      windows.push_back({{"class", entry.windows[window].label},
                         {"confidence", static_cast<int>(entry.windows[window].confidence)},
                         {"window_crc", fmt::format("{:04x}", run.check_sums[recording][window].window)},
                         {"output_crc", fmt::format("{:04x}", run.check_sums[recording][window].output)}});
    recordings.push_back({{"id", entry.id}, {"windows", windows}});
  }
  return {{"recordings", recordings}};
}

TEST(Stages, FloatAndInt8MostlyAgreeOnASmallNetwork) {
  const Setting setting;
  const auto float_run = model_float(setting.model_float, setting.held_out);
  const auto int8_run = int8_host(setting.model_int8, setting.held_out);
  ASSERT_TRUE(float_run.has_value()) << to_text(float_run.error());
  ASSERT_TRUE(int8_run.has_value()) << to_text(int8_run.error());
  EXPECT_EQ(float_run->evaluation.recordings_total(), 12);
  EXPECT_EQ(float_run->evaluation.windows_total(), 48);
  const Diagnosis diagnosis = judge({*float_run, *int8_run});
  EXPECT_GE(diagnosis.stages[1].agreement->equal, 44);
}

TEST(Stages, GeneratedCodeEqualsTheExecutorBitForBit) {
  MOTE_REQUIRE_OR_SKIP(test::have_tool("c++") || test::have_tool("g++"), "a C++ compiler");
  const Setting setting;
  const auto compiled = compile::compile(setting.model_int8, {});
  ASSERT_TRUE(compiled.has_value()) << to_text(compiled.error());
  const auto on_host = int8_host(setting.model_int8, setting.held_out);
  const auto generated = int8_generated(setting.model_int8, *compiled, setting.held_out);
  ASSERT_TRUE(generated.has_value()) << to_text(generated.error());
  EXPECT_EQ(generated->evaluation, on_host->evaluation);
  EXPECT_EQ(generated->check_sums, on_host->check_sums);
}

TEST(Stages, GeneratedCodeEqualsTheExecutorWhereChannelsAreFolded) {
  MOTE_REQUIRE_OR_SKIP(test::have_tool("c++") || test::have_tool("g++"), "a C++ compiler");
  Setting setting;
  graph::Graph& model = setting.model_int8;
  graph::Value& weights = model.value(model.nodes[1].inputs[1]);
  const auto row = static_cast<std::ptrdiff_t>(weights.shape[1]);
  std::fill(weights.data.begin(), weights.data.begin() + 3 * row, std::uint8_t{0});  // of 8 channels
  const auto folded = compile::run_passes(model);
  ASSERT_TRUE(folded.has_value()) << to_text(folded.error());
  ASSERT_EQ(folded->value(folded->nodes[1].outputs[0]).shape, (std::vector<std::int32_t>{1, 5}));
  const auto compiled = compile::compile(model, {});
  ASSERT_TRUE(compiled.has_value()) << to_text(compiled.error());
  const auto on_host = int8_host(model, setting.held_out);
  const auto generated = int8_generated(model, *compiled, setting.held_out);
  ASSERT_TRUE(on_host.has_value() && generated.has_value());
  EXPECT_EQ(generated->evaluation, on_host->evaluation);
  EXPECT_EQ(generated->check_sums, on_host->check_sums);
}

TEST(Stages, DeviceRecordsAreReadBackAsTheyWere) {
  const Setting setting;
  const auto on_host = int8_host(setting.model_int8, setting.held_out);
  ASSERT_TRUE(on_host.has_value());
  Json records = records_of(*on_host);
  const auto device = int8_device(records, setting.held_out);
  ASSERT_TRUE(device.has_value()) << to_text(device.error());
  EXPECT_EQ(judge({*on_host, *device}).stages[1].status, Status::kPass);

  records["recordings"][7]["windows"][3]["output_crc"] = "0bad";
  EXPECT_EQ(judge({*on_host, int8_device(records, setting.held_out).value()}).stages[1].agreement->equal, 47);
  records["recordings"].erase(11);
  EXPECT_EQ(judge({*on_host, int8_device(records, setting.held_out).value()}).stages[1].agreement->equal, 43);
}

TEST(Stages, DamagedDeviceRecordsAreRefused) {
  const Setting setting;
  for (
      const Json& damaged :
      {Json::object(), Json{{"recordings", 3}}, Json{{"recordings", Json::array({Json::object()})}},
       Json::parse(
           R"({"recordings":[{"id":"r0","windows":[{"class":3,"confidence":1,"window_crc":"0","output_crc":"0"}]}]})"),
       Json::parse(R"({"recordings":[{"id":"r0","windows":[{"class":"x"}]}]})")}) {
    const auto run = int8_device(damaged, setting.held_out);
    ASSERT_FALSE(run.has_value()) << damaged.dump();
    EXPECT_EQ(run.error().kind, ErrorKind::kInput);
  }
}

TEST(Stages, AModelForOtherWindowsIsRefused) {
  Setting setting;
  setting.held_out.windows.rows = 10;
  EXPECT_FALSE(model_float(setting.model_float, setting.held_out).has_value());
  EXPECT_FALSE(int8_host(setting.model_int8, setting.held_out).has_value());
}

TEST(Stages, AFloatModelIsNoInt8Model) {
  const Setting setting;
  EXPECT_FALSE(int8_host(setting.model_float, setting.held_out).has_value());
  EXPECT_FALSE(model_float(setting.model_int8, setting.held_out).has_value());
}

}  // namespace
}  // namespace mote::diagnose
