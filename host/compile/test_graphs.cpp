// SPDX-License-Identifier: Apache-2.0
#include "compile/test_graphs.h"

#include <array>
#include <cmath>
#include <utility>

#include "ops/attributes.h"
#include "ops/shape.h"

namespace mote::compile {
namespace {

using graph::DType;

constexpr float kSoftmaxScale = 1.0f / 256;

std::int64_t product(const std::vector<std::int32_t>& shape) {
  std::int64_t count = 1;
  for (const std::int32_t extent : shape) count *= extent;
  return count;
}

project::SensorDescription gesture_sensor() {
  project::SensorDescription sensor;
  sensor.name = "simulated";
  sensor.rate_millihertz = 100'000;
  sensor.mounting = "back of the right hand";
  sensor.groups = {{project::SensorKind::kAccelerometer, {"aX", "aY", "aZ"}, project::Unit::kG, 4.0}};
  return sensor;
}

}  // namespace

GraphBuilder::GraphBuilder(std::uint64_t seed, std::string name, std::vector<std::int32_t> input_shape)
    : rng_(seed) {
  graph_.name = std::move(name);
  last_ = graph_.add(
      {"window", DType::kInt8, std::move(input_shape), graph::Quantization{{0.05f}, {random_int8()}, 0}, {}});
  graph_.inputs = {last_};
}

graph::Attribute GraphBuilder::random_activation() {
  return ops::to_attribute(static_cast<ops::Activation>(rng_.below(3)));
}

graph::Attribute GraphBuilder::random_padding(bool valid_possible) {
  return ops::to_attribute(valid_possible && rng_.below(2) == 0 ? ops::Padding::kValid : ops::Padding::kSame);
}

void GraphBuilder::append(std::string op, std::map<std::string, graph::Attribute> attributes,
                          std::vector<graph::ValueId> constants, graph::Quantization output) {
  std::vector<graph::ValueId> inputs = {last_};
  inputs.insert(inputs.end(), constants.begin(), constants.end());
  const std::string name = op + "_" + std::to_string(graph_.nodes.size());
  last_ = graph_.add({name, DType::kInt8, {1}, std::move(output), {}});
  graph_.nodes.push_back({op, std::move(attributes), std::move(inputs), {last_}});
  graph_.value(last_).shape = ops::find_shape(op)->infer(graph_, graph_.nodes.back()).value().at(0).shape;
}

std::vector<graph::ValueId> GraphBuilder::add_weights(std::vector<std::int32_t> shape, bool per_channel) {
  const std::int32_t channels = shape[0];
  std::vector<std::int8_t> items;
  for (std::int64_t index = 0; index < product(shape); ++index)
    items.push_back(static_cast<std::int8_t>(std::max<std::int64_t>(random_int8(), -127)));
  graph::Value weights = graph::constant("weights", DType::kInt8, std::move(shape), items);
  weights.quantization = graph::Quantization{};
  for (std::int32_t ch = 0; ch < (per_channel ? channels : 1); ++ch) {
    weights.quantization->scale.push_back(static_cast<float>(rng_.uniform(0.005, 0.02)));
    weights.quantization->zero_point.push_back(0);
  }
  std::vector<graph::ValueId> ids = {graph_.add(std::move(weights))};
  if (rng_.below(4) == 0) return ids;  // a layer without bias
  std::vector<std::int32_t> bias;
  for (std::int32_t ch = 0; ch < channels; ++ch)
    bias.push_back(static_cast<std::int32_t>(rng_.below(100'000)) - 50'000);
  ids.push_back(graph_.add(graph::constant("bias", DType::kInt32, {channels}, bias)));
  return ids;
}

graph::Quantization GraphBuilder::sums_quantization(graph::ValueId weights) {
  const graph::Value& value = graph_.value(weights);
  const double inputs = static_cast<double>(value.element_count() / value.shape[0]);
  const double in_scale = static_cast<double>(graph_.value(last_).quantization->scale[0]);
  // Products of two uniform int8 have a deviation of 74 * 74; 60 units of the output are one deviation.
  const double scale = std::sqrt(inputs) * 74 * 74 * in_scale * 0.01 / 60;
  return {{static_cast<float>(scale)}, {random_int8()}, 0};
}

void GraphBuilder::fully_connected(std::int32_t out_features, bool per_channel,
                                   std::optional<ops::Activation> activation) {
  const auto in_features = static_cast<std::int32_t>(product(shape()));
  const auto constants = add_weights({out_features, in_features}, per_channel);
  graph::Quantization output = sums_quantization(constants[0]);
  if (activation == ops::Activation::kRelu) output.zero_point = {-128};
  const graph::Attribute fused = activation ? ops::to_attribute(*activation) : random_activation();
  append("fully_connected", {{"activation", fused}, {"keep_dimensions", std::int64_t{0}}}, constants, output);
}

void GraphBuilder::conv_2d(std::int32_t out_channels, std::int32_t kernel_height, std::int32_t kernel_width,
                           std::int32_t stride, std::int32_t dilation) {
  const bool fits = (kernel_height - 1) * dilation < shape()[1] && (kernel_width - 1) * dilation < shape()[2];
  const auto constants =
      add_weights({out_channels, kernel_height, kernel_width, shape()[3]}, rng_.below(2) == 0);
  const graph::Quantization output = sums_quantization(constants[0]);
  append("conv_2d",
         {{"activation", random_activation()},
          {"padding", random_padding(fits)},
          {"stride_height", std::int64_t{stride}},
          {"stride_width", std::int64_t{stride}},
          {"dilation_height", std::int64_t{dilation}},
          {"dilation_width", std::int64_t{dilation}}},
         constants, output);
}

void GraphBuilder::pool_2d(const std::string& op, std::int32_t window_height, std::int32_t window_width,
                           std::int32_t stride) {
  append(op,
         {{"activation", random_activation()},
          {"padding", random_padding(window_height <= shape()[1] && window_width <= shape()[2])},
          {"stride_height", std::int64_t{stride}},
          {"stride_width", std::int64_t{stride}},
          {"window_height", std::int64_t{window_height}},
          {"window_width", std::int64_t{window_width}}},
         {}, *graph_.value(last_).quantization);
}

void GraphBuilder::quantize() {
  const float scale = graph_.value(last_).quantization->scale[0] * static_cast<float>(rng_.uniform(0.5, 2.0));
  append("quantize", {}, {}, {{scale}, {random_int8()}, 0});
}

void GraphBuilder::softmax() {
  append("softmax", {{"beta", 1.0}}, {}, {{kSoftmaxScale}, {-128}, 0});
}

graph::Graph GraphBuilder::finish() const {
  graph::Graph graph = graph_;
  graph.outputs = {last_};
  return graph;
}

graph::Graph random_graph(std::uint64_t seed, const std::string& name) {
  Rng dice(seed);
  // Braces, as in {pick(1, 2), pick(3, 4)}, draw from left to right; the order of arguments of a call is
  // open.
  const auto pick = [&](std::uint64_t least, std::uint64_t most) {
    return static_cast<std::int32_t>(least + dice.below(most - least + 1));
  };
  GraphBuilder builder(seed, name, {1, pick(1, 6), pick(1, 12), pick(1, 5)});
  const std::int32_t layers = pick(1, 4);
  bool is_image = true;
  for (std::int32_t layer = 0; layer < layers; ++layer) {
    switch (is_image ? pick(0, 4) : pick(3, 4)) {
      case 0: {
        const std::array sizes = {pick(1, 9), pick(1, 3), pick(1, 5), pick(1, 3), pick(1, 2)};
        builder.conv_2d(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]);
        break;
      }
      case 1: {
        const std::array sizes = {pick(1, 3), pick(1, 4), pick(1, 3)};
        builder.pool_2d("max_pool_2d", sizes[0], sizes[1], sizes[2]);
        break;
      }
      case 2: {
        const std::array sizes = {pick(1, 3), pick(1, 4), pick(1, 3)};
        builder.pool_2d("average_pool_2d", sizes[0], sizes[1], sizes[2]);
        break;
      }
      case 3: {
        const std::int32_t out_features = pick(1, 37);
        builder.fully_connected(out_features, pick(0, 1) == 0);
        is_image = false;
        break;
      }
      default:
        builder.quantize();
    }
  }
  if (dice.below(2) == 0) builder.softmax();
  return builder.finish();
}

graph::Graph gesture_graph(const std::string& name) {
  GraphBuilder builder(7, name, {1, 1, 100, 3});
  builder.fully_connected(32, true, ops::Activation::kRelu);
  builder.fully_connected(16, true, ops::Activation::kRelu);
  builder.fully_connected(3, true, ops::Activation::kNone);
  builder.softmax();
  graph::Graph graph = builder.finish();
  graph.metadata.version = "1.2.3";
  graph.metadata.date = "2026-01-31";
  graph.metadata.labels = {"punch", "flex", "idle"};
  graph.metadata.background = "idle";
  graph.metadata.sensor = gesture_sensor();
  graph.metadata.window_samples = 100;
  graph.metadata.hop_samples = 20;
  graph.metadata.normalization = {
      {0.1, 0.5, 16000, -12345, 12}, {-0.2, 0.4, 20000, 54321, 12}, {0.98, 0.3, 26000, -999999, 13}};
  return graph;
}

std::vector<std::uint8_t> random_inputs(const graph::Graph& graph, std::size_t count, std::uint64_t seed) {
  Rng rng(seed);
  const auto bytes = static_cast<std::size_t>(graph.value(graph.inputs[0]).byte_count());
  std::vector<std::uint8_t> inputs(count * bytes);
  for (std::uint8_t& byte : inputs) byte = static_cast<std::uint8_t>(rng.below(256));
  return inputs;
}

}  // namespace mote::compile
