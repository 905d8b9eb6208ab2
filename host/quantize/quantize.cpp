// SPDX-License-Identifier: Apache-2.0
#include "quantize/quantize.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "execute/executor.h"
#include "ops/operands.h"
#include "ops/ops.h"
#include "ops/quantization.h"

namespace mote::quantize {
namespace {

using graph::DType;
using graph::Graph;
using graph::Node;
using graph::Value;
using graph::ValueId;
using ops::TensorScale;

constexpr const char* kDivergedHint = "the training diverged: train again with a smaller learning rate";

/// Values seen in one tensor.
struct Range {
  float minimum = 0;
  float maximum = 0;
  bool finite = true;
};

void widen(Range& range, std::span<const std::uint8_t> bytes) {
  float value = 0;
  for (std::size_t at = 0; at + sizeof(value) <= bytes.size(); at += sizeof(value)) {
    std::memcpy(&value, bytes.data() + at, sizeof(value));
    range.minimum = std::min(range.minimum, value);
    range.maximum = std::max(range.maximum, value);
    range.finite = range.finite && std::isfinite(value);
  }
}

/// Ids of the input and of every node's result.
std::vector<ValueId> activations(const Graph& graph) {
  std::vector<ValueId> ids = graph.inputs;
  for (const Node& node : graph.nodes) ids.insert(ids.end(), node.outputs.begin(), node.outputs.end());
  return ids;
}

/// Runs the float graph over all windows; the ranges are indexed by value.
Result<std::vector<Range>> calibrate(const Graph& graph, std::span<const float> windows) {
  MOTE_TRY(execute::Executor executor, execute::Executor::create(graph));
  const auto window_elements = static_cast<std::size_t>(graph.value(graph.inputs[0]).element_count());
  if (windows.empty() || windows.size() % window_elements != 0)
    return fail(ErrorKind::kInput,
                fmt::format("{} values for calibration, expected a positive multiple of {}", windows.size(),
                            window_elements));
  const std::vector<ValueId> ids = activations(graph);
  std::vector<Range> ranges(graph.values.size());
  for (; !windows.empty(); windows = windows.subspan(window_elements)) {
    const auto bytes = std::as_bytes(windows.first(window_elements));
    const std::span<const std::uint8_t> inputs[] = {
        {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}};
    MOTE_CHECK(executor.run(inputs));
    for (const ValueId id : ids) widen(ranges[static_cast<std::size_t>(id)], executor.value(id));
  }
  for (const ValueId id : ids)
    if (!ranges[static_cast<std::size_t>(id)].finite)
      return fail(ErrorKind::kInput,
                  fmt::format("tensor '{}' has values that are not finite", graph.value(id).name), {},
                  kDivergedHint);
  return ranges;
}

std::int64_t round_to_integer(double value, double limit) {
  return static_cast<std::int64_t>(std::llround(std::clamp(value, -limit, limit)));
}

float magnitude(std::span<const float> items) {
  float largest = 0;
  for (const float item : items) largest = std::max(largest, std::fabs(item));
  return largest;
}

/// int8 weights and int32 biases of one layer, in groups that share a scale.
class Constants {
 public:
  /// Appends a group: all of the layer, or one output channel.
  void add(std::span<const float> weights, std::span<const float> biases, float in_scale) {
    const float scale = weight_scale(magnitude(weights), magnitude(biases), in_scale);
    const float bias_scale = in_scale * scale;
    scale_.push_back(scale);
    bias_scale_.push_back(bias_scale);
    for (const float weight : weights)
      weights_.push_back(static_cast<std::int8_t>(round_to_integer(weight / scale, 127)));
    for (const float bias : biases)
      biases_.push_back(
          static_cast<std::int32_t>(round_to_integer(static_cast<double>(bias) / bias_scale, 0x1p30)));
  }

  Value weights_value(const Value& from) const {
    Value value = graph::constant(from.name, DType::kInt8, from.shape, weights_);
    value.quantization = symmetric(scale_);
    return value;
  }
  Value bias_value(const Value& from) const {
    Value value = graph::constant(from.name, DType::kInt32, from.shape, biases_);
    value.quantization = symmetric(bias_scale_);
    return value;
  }

 private:
  static graph::Quantization symmetric(const std::vector<float>& scale) {
    return {scale, std::vector<std::int64_t>(scale.size(), 0), 0};
  }

  /// The scale of weights with that largest magnitude. A bias needs one under which it fits into a quarter of
  /// int32, which matters for a channel whose weights are next to nothing.
  static float weight_scale(float weight_magnitude, float bias_magnitude, float in_scale) {
    const double for_weights = static_cast<double>(weight_magnitude) / 127;
    const double for_bias = static_cast<double>(bias_magnitude) / static_cast<double>(in_scale) * 0x1p-29;
    const auto scale = static_cast<float>(std::max(for_weights, for_bias));
    return scale > 0 ? scale : 1.0f;
  }

  std::vector<float> scale_;
  std::vector<float> bias_scale_;
  std::vector<std::int8_t> weights_;
  std::vector<std::int32_t> biases_;
};

/// Makes the values of the float graph int8, node by node; value ids stay.
class Quantizer {
 public:
  Quantizer(const Graph& source, const std::vector<Range>& ranges)
      : source_(source), ranges_(ranges), result_(source) {}

  Result<Graph> run() {
    set_scale(source_.inputs[0], scale_of(source_.inputs[0]));
    for (std::size_t index = 0; index < source_.nodes.size(); ++index) MOTE_CHECK(quantize_node(index));
    return std::move(result_);
  }

 private:
  TensorScale scale_of(ValueId id) const {
    const Range& range = ranges_[static_cast<std::size_t>(id)];
    return scale_of_range(range.minimum, range.maximum);
  }

  void set_scale(ValueId id, TensorScale scale) {
    Value& value = result_.value(id);
    value.dtype = DType::kInt8;
    value.quantization = graph::Quantization{{scale.scale}, {scale.zero_point}, 0};
  }

  Result<void> quantize_node(std::size_t index) {
    const Node& node = source_.nodes[index];
    const ops::Quantization* aspect = ops::find_quantization(node.op);
    if (aspect == nullptr) return ops::refuse(source_, node, "cannot be quantised");
    const ValueId in = node.inputs[0];
    const ValueId out = node.outputs[0];
    if (source_.value(in).dtype != DType::kFloat32 || source_.value(in).is_constant())
      return ops::refuse(source_, node, "input is not a computed float32 value");
    const auto& in_quantization = *result_.value(in).quantization;
    const TensorScale in_scale = {in_quantization.scale[0],
                                  static_cast<std::int32_t>(in_quantization.zero_point[0])};
    switch (aspect->result) {
      case ops::Quantization::Result::kRange:
        set_scale(out, scale_of(out));
        break;
      case ops::Quantization::Result::kLikeInput:
        set_scale(out, in_scale);
        break;
      case ops::Quantization::Result::kFixed:
        set_scale(out, aspect->fixed);
        break;
    }
    if (aspect->weights == ops::Quantization::Weights::kNone) return {};
    return quantize_weights(index, in_scale.scale,
                            aspect->weights == ops::Quantization::Weights::kScalePerChannel);
  }

  Result<void> quantize_weights(std::size_t index, float in_scale, bool per_channel) {
    const Node& node = source_.nodes[index];
    const Value& weights = source_.value(node.inputs[1]);
    const Value* bias = ops::input(source_, node, 2);
    if (!weights.is_constant() || weights.dtype != DType::kFloat32)
      return ops::refuse(source_, node, "weights are not a float32 constant");
    const auto weight_items = graph::elements<float>(weights);
    const auto bias_items = bias != nullptr ? graph::elements<float>(*bias) : std::vector<float>();
    const auto is_finite = [](float item) { return std::isfinite(item); };
    if (!std::ranges::all_of(weight_items, is_finite) || !std::ranges::all_of(bias_items, is_finite))
      return ops::refuse(source_, node, "weights are not finite", kDivergedHint);

    Constants constants;
    const std::size_t groups = per_channel ? static_cast<std::size_t>(weights.shape[0]) : 1;
    const std::size_t group_weights = weight_items.size() / groups;
    const std::size_t group_biases = bias_items.size() / groups;
    for (std::size_t group = 0; group < groups; ++group)
      constants.add(std::span(weight_items).subspan(group * group_weights, group_weights),
                    std::span(bias_items).subspan(group * group_biases, group_biases), in_scale);
    place(index, 1, constants.weights_value(weights));
    if (bias != nullptr) place(index, 2, constants.bias_value(*bias));
    return {};
  }

  /// Puts a constant where the float one was, or beside the one that another node made of it.
  void place(std::size_t index, std::size_t operand, Value value) {
    ValueId& id = result_.nodes[index].inputs[operand];
    if (result_.value(id).dtype == DType::kFloat32)
      result_.value(id) = std::move(value);
    else
      id = result_.add(std::move(value));
  }

  const Graph& source_;
  const std::vector<Range>& ranges_;
  Graph result_;
};

}  // namespace

TensorScale scale_of_range(float minimum, float maximum) {
  const double low = std::min(static_cast<double>(minimum), 0.0);
  const double high = std::max(static_cast<double>(maximum), 0.0);
  const double width = high > low ? high - low : 1.0;
  const auto scale = static_cast<float>(std::max(width / 255, 0x1p-100));
  const double zero_point = std::clamp(std::round(-128 - low / static_cast<double>(scale)), -128.0, 127.0);
  return {scale, static_cast<std::int32_t>(zero_point)};
}

Result<Quantized> quantize(const Graph& float_graph, std::span<const float> windows) {
  if (float_graph.inputs.size() != 1)
    return fail(ErrorKind::kInput,
                fmt::format("the model has {} inputs, expected 1", float_graph.inputs.size()));
  if (float_graph.value(float_graph.inputs[0]).dtype != DType::kFloat32)
    return fail(ErrorKind::kInput, fmt::format("the model's input is {}, expected float32",
                                               to_string(float_graph.value(float_graph.inputs[0]).dtype)));
  MOTE_TRY(const std::vector<Range> ranges, calibrate(float_graph, windows));
  Quantized quantized;
  MOTE_TRY(quantized.graph, Quantizer(float_graph, ranges).run());
  MOTE_CHECK(execute::Executor::create(quantized.graph));
  const std::int64_t elements = float_graph.value(float_graph.inputs[0]).element_count();
  quantized.calibration_windows = static_cast<std::int64_t>(windows.size()) / elements;
  for (const ValueId id : activations(quantized.graph)) {
    const Value& value = quantized.graph.value(id);
    const Range& range = ranges[static_cast<std::size_t>(id)];
    quantized.tensors.push_back(
        {value.name,
         range.minimum,
         range.maximum,
         {value.quantization->scale[0], static_cast<std::int32_t>(value.quantization->zero_point[0])}});
  }
  return quantized;
}

Json to_json(const Quantized& quantized) {
  Json tensors = Json::array();
  for (const CalibratedTensor& tensor : quantized.tensors)
    tensors.push_back({{"name", tensor.name},
                       {"minimum", tensor.minimum},
                       {"maximum", tensor.maximum},
                       {"scale", tensor.scale.scale},
                       {"zero_point", tensor.scale.zero_point}});
  return {{"calibration_windows", quantized.calibration_windows},
          {"version", quantized.graph.metadata.version},
          {"content_hash", graph::content_hash(quantized.graph)},
          {"tensors", std::move(tensors)}};
}

}  // namespace mote::quantize
