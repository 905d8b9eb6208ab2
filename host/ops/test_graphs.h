// SPDX-License-Identifier: Apache-2.0
#pragma once
// Models for tests: small float networks of every operator, with seeded weights and whole metadata.
#include <cmath>

#include "core/random.h"
#include "graph/graph.h"
#include "ops/average_pool_2d/average_pool_2d.h"
#include "ops/conv_2d/conv_2d.h"
#include "ops/fully_connected/fully_connected.h"
#include "ops/max_pool_2d/max_pool_2d.h"
#include "ops/quantize/quantize.h"
#include "ops/softmax/softmax.h"

namespace mote::ops::test {

/// Puts a float model together, layer by layer.
class ModelBuilder {
 public:
  ModelBuilder(std::vector<std::int32_t> input_shape, std::uint64_t seed) : rng_(seed) {
    graph_.name = "gesture";
    last_ = graph_.add({"window", graph::DType::kFloat32, std::move(input_shape), std::nullopt, {}});
    graph_.inputs = {last_};
  }

  /// A layer with weights of normal numbers, scaled so that activations neither vanish nor explode.
  ModelBuilder& fully_connected(std::int32_t features, fully_connected::Attributes attributes) {
    const auto in_features = static_cast<std::int32_t>(graph_.value(last_).element_count());
    return layer("fully_connected", to_map(attributes),
                 {last_, random({features, in_features}, in_features), random({features}, 16)},
                 {1, features});
  }
  ModelBuilder& conv_2d(std::vector<std::int32_t> weights, conv_2d::Attributes attributes,
                        std::vector<std::int32_t> shape) {
    const graph::ValueId bias = random({weights[0]}, 16);
    const graph::ValueId kernel = random(weights, weights[1] * weights[2] * weights[3]);
    return layer("conv_2d", to_map(attributes), {last_, kernel, bias}, std::move(shape));
  }
  ModelBuilder& pool_2d(std::string op, Pool2dAttributes attributes, std::vector<std::int32_t> shape) {
    return layer(std::move(op), to_map(attributes), {last_}, std::move(shape));
  }
  ModelBuilder& softmax() {
    return layer("softmax", to_map(softmax::Attributes{}), {last_}, graph_.value(last_).shape);
  }

  graph::Graph finish() {
    graph_.value(last_).name = "probabilities";
    graph_.outputs = {last_};
    graph_.metadata = metadata();
    return graph_;
  }

  static graph::ModelMetadata metadata() {
    graph::ModelMetadata metadata;
    metadata.version = "1.2.3";
    metadata.date = "2026-01-02";
    metadata.labels = {"punch", "flex", "idle"};
    metadata.background = "idle";
    project::SensorGroup group;
    group.axes = {"ax", "ay", "az"};
    group.range = 4.0;
    project::SensorDescription sensor;
    sensor.name = "BMI270";
    sensor.rate_millihertz = 99840;
    sensor.mounting = "back of the right hand";
    sensor.groups = {group};
    metadata.sensor = sensor;
    metadata.window_samples = 12;
    metadata.hop_samples = 4;
    metadata.normalization.assign(
        3, {.mean = 0.1, .standard_deviation = 0.7, .multiplier = 1234, .bias = -5, .shift = 9});
    metadata.confidence_threshold = 0.75;
    return metadata;
  }

 private:
  graph::ValueId random(std::vector<std::int32_t> shape, std::int32_t fan_in) {
    std::int64_t count = 1;
    for (const std::int32_t extent : shape) count *= extent;
    std::vector<float> items(static_cast<std::size_t>(count));
    for (float& item : items) item = static_cast<float>(rng_.normal() / std::sqrt(fan_in));
    return graph_.add(graph::constant("constant_" + std::to_string(graph_.values.size()),
                                      graph::DType::kFloat32, std::move(shape), items));
  }

  ModelBuilder& layer(std::string op, AttributeMap attributes, std::vector<graph::ValueId> inputs,
                      std::vector<std::int32_t> shape) {
    last_ = graph_.add({op + "_" + std::to_string(graph_.nodes.size()),
                        graph::DType::kFloat32,
                        std::move(shape),
                        std::nullopt,
                        {}});
    graph_.nodes.push_back({std::move(op), std::move(attributes), std::move(inputs), {last_}});
    return *this;
  }

  graph::Graph graph_;
  Rng rng_;
  graph::ValueId last_ = graph::kNone;
};

/// window [1, 1, 12, 3] -> 16 relu -> 8 relu6 -> 3 -> softmax.
inline graph::Graph dense_model(std::uint64_t seed = 1) {
  return ModelBuilder({1, 1, 12, 3}, seed)
      .fully_connected(16, {.activation = Activation::kRelu})
      .fully_connected(8, {.activation = Activation::kRelu6})
      .fully_connected(3, {})
      .softmax()
      .finish();
}

/// window [1, 1, 12, 3] -> convolution and pooling of both kinds -> 3 -> softmax.
inline graph::Graph conv_model(std::uint64_t seed = 1) {
  return ModelBuilder({1, 1, 12, 3}, seed)
      .conv_2d({8, 1, 3, 3}, {.activation = Activation::kRelu}, {1, 1, 12, 8})
      .pool_2d("max_pool_2d", {.padding = Padding::kValid, .stride_width = 2, .window_width = 2},
               {1, 1, 6, 8})
      .conv_2d({5, 1, 2, 8},
               {.padding = Padding::kValid, .dilation_width = 2, .activation = Activation::kRelu6},
               {1, 1, 4, 5})
      .pool_2d("average_pool_2d", {.padding = Padding::kValid, .window_width = 4}, {1, 1, 1, 5})
      .fully_connected(3, {})
      .softmax()
      .finish();
}

}  // namespace mote::ops::test
