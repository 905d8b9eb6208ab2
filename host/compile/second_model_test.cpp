// SPDX-License-Identifier: Apache-2.0
#include "compile/second_model.h"

#include <gtest/gtest.h>

#include "compile/test_graphs.h"

namespace mote::compile {
namespace {

TEST(SecondModelInput, may_differ_in_labels_hop_and_normalisation) {
  const graph::Graph first = gesture_graph();
  graph::Graph second = gesture_graph();
  second.metadata.labels = {"a", "b", "c"};
  second.metadata.hop_samples += 1;
  second.metadata.normalization[0].bias += 1;
  second.metadata.sensor->rate_millihertz += 100;  // a thousandth
  second.metadata.sensor->mounting = "elsewhere";
  EXPECT_TRUE(require_same_input(first, second, "second.tflite").has_value());
}

TEST(SecondModelInput, is_refused_with_both_values_if_samples_or_windows_differ) {
  const auto refused = [](const std::string& what, const auto& change) {
    graph::Graph second = gesture_graph();
    change(second.metadata);
    const auto result = require_same_input(gesture_graph(), second, "second.tflite");
    ASSERT_FALSE(result.has_value()) << what;
    EXPECT_EQ(result.error().kind, ErrorKind::kInput);
    EXPECT_EQ(result.error().what, what);
    EXPECT_EQ(result.error().where, "second.tflite");
  };
  using Metadata = graph::ModelMetadata;
  refused("the first model takes samples at a rate in Hz of 100, the second 50",
          [](Metadata& metadata) { metadata.sensor->rate_millihertz = 50000; });
  refused("the first model takes the axes aX, aY, aZ, the second aX, aZ, aY", [](Metadata& metadata) {
    std::swap(metadata.sensor->groups[0].axes[1], metadata.sensor->groups[0].axes[2]);
  });
  refused("the first model takes the unit g, the second m/s2", [](Metadata& metadata) {
    metadata.sensor->groups[0].unit = project::Unit::kMetersPerSecondSquared;
  });
  refused("the first model takes a range of 4, the second 8",
          [](Metadata& metadata) { metadata.sensor->groups[0].range = 8; });
  refused("the first model takes the sensor accelerometer, the second other",
          [](Metadata& metadata) { metadata.sensor->groups[0].kind = project::SensorKind::kOther; });
  refused("the first model takes a number of sensors of 1, the second 2",
          [](Metadata& metadata) { metadata.sensor->groups.push_back(metadata.sensor->groups[0]); });
  refused("the first model takes a window in samples of 100, the second 50",
          [](Metadata& metadata) { metadata.window_samples = 50; });
  refused(
      "the first model has a hop of 20 samples, the second a row of features every 3",
      [](Metadata& metadata) { metadata.features = {{"frame", {{"length_ms", 40}, {"step_ms", 30}}, ""}}; });
  refused("the second model does not say what sensor and windows it takes",
          [](Metadata& metadata) { metadata.sensor.reset(); });
}

TEST(SecondModelIdentifier, is_never_that_of_the_first) {
  EXPECT_EQ(second_identifier("gesture", "words"), "words");
  EXPECT_EQ(second_identifier("gesture", "gesture"), "gesture_2");
  EXPECT_EQ(second_identifier("gesture", "gesture 2"), "gesture_2");
  EXPECT_EQ(second_identifier("gesture_2", "gesture_2"), "gesture_2_2");
  EXPECT_EQ(second_identifier("int_model", "int"), "int_model_2");
}

}  // namespace
}  // namespace mote::compile
