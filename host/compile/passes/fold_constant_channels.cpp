// SPDX-License-Identifier: Apache-2.0
// Channels of int8 activations that can only have one value are no work for the device. Which these are
// follows from intervals: each channel's least and largest value, from the input's through every layer's own
// arithmetic, which rises with the sum. A layer that reads such a channel takes what it contributes into its
// bias; channels that no layer reads any more go, with all that only they need.
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "compile/passes/passes.h"
#include "mote/core/fixed_point.h"
#include "ops/conv_2d/kernel.h"
#include "ops/depthwise_conv_2d/kernel.h"
#include "ops/fully_connected/kernel.h"
#include "ops/operands.h"
#include "ops/pool_2d.h"

namespace mote::compile {
namespace {

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

struct Interval {
  std::int32_t least = -128;
  std::int32_t most = 127;

  bool is_constant() const { return least == most; }
};

using Channels = std::vector<bool>;

/// An int8 layer with weights, whatever its operator: output channel n adds weight(n, tap, c) * (in[c] - zero
/// point).
struct Weighted {
  std::int32_t taps = 1;
  std::int32_t inputs = 0;   ///< channels
  std::int32_t outputs = 0;  ///< channels
  bool is_depthwise = false;
  bool is_padded = false;  ///< some windows leave the input, where the zero point stands
  std::int32_t input_zero_point = 0;
  std::int32_t output_zero_point = 0;
  std::int32_t activation_min = -128;
  std::int32_t activation_max = 127;
  ops::WeightTables tables;

  std::int32_t weight(std::int32_t n, std::int32_t tap, std::int32_t c) const {
    if (is_depthwise) return n == c ? tables.weights[at(tap * outputs + n)] : 0;
    return tables.weights[at((std::int64_t{n} * taps + tap) * inputs + c)];
  }
  std::int64_t bias(std::int32_t n) const { return tables.bias.empty() ? 0 : tables.bias[at(n)]; }
  /// The weights of output n for input c, all taps together.
  std::int64_t weight_sum(std::int32_t n, std::int32_t c) const {
    std::int64_t sum = 0;
    for (std::int32_t tap = 0; tap < taps; ++tap) sum += weight(n, tap, c);
    return sum;
  }
  bool reads(std::int32_t n, std::int32_t c) const {
    for (std::int32_t tap = 0; tap < taps; ++tap)
      if (weight(n, tap, c) != 0) return true;
    return false;
  }
  /// The input channels that output n may read.
  std::pair<std::int32_t, std::int32_t> input_range(std::int32_t n) const {
    return is_depthwise ? std::pair{n, n + 1} : std::pair{0, inputs};
  }
  /// What both ways of rounding can make of sums from `least` to `most`; everything where sums could
  /// overflow.
  Interval output_interval(std::int32_t n, std::int64_t least, std::int64_t most) const {
    const Requantization factor = {tables.multiplier[tables.multiplier.size() == 1 ? 0 : at(n)],
                                   tables.shift[tables.shift.size() == 1 ? 0 : at(n)]};
    const std::int64_t limit = std::int64_t{1} << (31 - std::max(factor.shift, 0));
    Interval interval = {activation_min, activation_max};
    if (least <= -limit || most >= limit) return interval;
    const auto output = [&](std::int64_t sum, Rounding rounding) {
      const std::int32_t scaled = requantize(static_cast<std::int32_t>(sum), factor, rounding);
      return static_cast<std::int32_t>(
          std::clamp<std::int64_t>(std::int64_t{scaled} + output_zero_point, activation_min, activation_max));
    };
    interval.least = std::min(output(least, Rounding::kDouble), output(least, Rounding::kSingle));
    interval.most = std::max(output(most, Rounding::kDouble), output(most, Rounding::kSingle));
    return interval;
  }
};

std::int32_t channels_of(const graph::Value& value) {
  return value.shape.empty() ? 1 : value.shape.back();
}

template <class Shape>
void take_quantization(const Shape& shape, Weighted& layer) {
  layer.input_zero_point = shape.input_zero_point;
  layer.output_zero_point = shape.output_zero_point;
  layer.activation_min = shape.activation_min;
  layer.activation_max = shape.activation_max;
}

/// The convolution, depthwise or not.
Weighted convolution(ops::QuantizedLayer<kernels::Conv2dShape> layer, bool is_depthwise) {
  const kernels::Conv2dShape& shape = layer.shape;
  const auto leaves = [](std::int32_t in, std::int32_t out, std::int32_t kernel, std::int32_t stride,
                         std::int32_t dilation, std::int32_t pad) {
    return pad > 0 || std::int64_t{out - 1} * stride - pad + std::int64_t{kernel - 1} * dilation >= in;
  };
  Weighted result;
  result.taps = shape.kernel_height * shape.kernel_width;
  result.inputs = shape.in_channels;
  result.outputs = shape.out_channels;
  result.is_depthwise = is_depthwise;
  result.is_padded = leaves(shape.in_height, shape.out_height, shape.kernel_height, shape.stride_height,
                            shape.dilation_height, shape.pad_top) ||
                     leaves(shape.in_width, shape.out_width, shape.kernel_width, shape.stride_width,
                            shape.dilation_width, shape.pad_left);
  take_quantization(shape, result);
  result.tables = std::move(layer.tables);
  return result;
}

/// The node as a layer that the pass knows; nothing for another.
std::optional<Weighted> weighted(const graph::Graph& graph, const graph::Node& node) {
  const bool is_known =
      node.op == "conv_2d" || node.op == "depthwise_conv_2d" || node.op == "fully_connected";
  if (!is_known || ops::input(graph, node, 0)->dtype != graph::DType::kInt8) return std::nullopt;
  for (std::size_t index = 1; index < node.inputs.size(); ++index)
    if (const graph::Value* operand = ops::input(graph, node, index);
        operand != nullptr && !operand->is_constant())
      return std::nullopt;
  if (node.op == "fully_connected") {
    auto layer = ops::fully_connected::quantized_layer(graph, node);
    if (!layer || layer->shape.in_features != channels_of(*ops::input(graph, node, 0))) return std::nullopt;
    Weighted result;
    result.inputs = layer->shape.in_features;
    result.outputs = layer->shape.out_features;
    take_quantization(layer->shape, result);
    result.tables = std::move(layer->tables);
    return result;
  }
  const bool is_depthwise = node.op == "depthwise_conv_2d";
  auto layer = is_depthwise ? ops::depthwise_conv_2d::quantized_layer(graph, node)
                            : ops::conv_2d::quantized_layer(graph, node);
  if (!layer) return std::nullopt;
  const bool is_simple =
      is_depthwise ? layer->shape.in_channels == layer->shape.out_channels : layer->shape.groups == 1;
  if (!is_simple) return std::nullopt;
  return convolution(std::move(*layer), is_depthwise);
}

/// Whether output channel c is a function of input channel c that is constant if that is, and least and
/// largest where that is.
bool keeps_channels(const graph::Graph& graph, const graph::Node& node) {
  const graph::Value& in = *ops::input(graph, node, 0);
  const graph::Value& out = ops::output(graph, node);
  if (in.dtype != graph::DType::kInt8 || in.is_constant() || channels_of(in) != channels_of(out))
    return false;
  if (node.op == "max_pool_2d" || node.op == "average_pool_2d") {
    const auto attributes = ops::pool_2d_attributes(graph, node);
    return attributes && attributes->activation == ops::Activation::kNone;
  }
  // Other elements of a channel may not become another channel's.
  return node.op == "reshape" && in.element_count() == channels_of(in);
}

class Folding {
 public:
  explicit Folding(const graph::Graph& graph) : graph_(graph) {
    for (const graph::Node& node : graph.nodes) layers_.push_back(weighted(graph, node));
    for (std::size_t node = 0; node < graph.nodes.size(); ++node) find_intervals(node);
    find_needed();
  }

  /// Whether there is something to gain, and all new biases fit.
  bool is_useful() const {
    for (std::size_t node = 0; node < graph_.nodes.size(); ++node)
      if (layers_[node] && !biases_fit(node)) return false;
    return std::ranges::any_of(needed_,
                               [](const auto& entry) { return std::ranges::count(entry.second, false) > 0; });
  }

  graph::Graph result() const {
    graph::Graph result = graph_;
    for (std::size_t node = 0; node < graph_.nodes.size(); ++node)
      if (layers_[node]) rewrite(result, node);
    for (const auto& [id, needed] : needed_) {
      graph::Value& value = result.value(id);
      if (!value.shape.empty())
        value.shape.back() = static_cast<std::int32_t>(std::ranges::count(needed, true));
    }
    return result;
  }

 private:
  std::vector<Interval> intervals(graph::ValueId id) const {
    const auto found = intervals_.find(id);
    return found != intervals_.end() ? found->second
                                     : std::vector<Interval>(at(channels_of(graph_.value(id))));
  }

  void find_intervals(std::size_t index) {
    const graph::Node& node = graph_.nodes[index];
    if (!layers_[index]) {
      if (keeps_channels(graph_, node)) intervals_[node.outputs[0]] = intervals(node.inputs[0]);
      return;
    }
    const Weighted& layer = *layers_[index];
    const std::vector<Interval> in = intervals(node.inputs[0]);
    std::vector<Interval>& out = intervals_[node.outputs[0]];
    for (std::int32_t n = 0; n < layer.outputs; ++n) {
      std::int64_t least = layer.bias(n), most = least;
      const auto [first, end] = layer.input_range(n);
      for (std::int32_t c = first; c < end; ++c) {
        std::int64_t low = in[at(c)].least - layer.input_zero_point;
        std::int64_t high = in[at(c)].most - layer.input_zero_point;
        if (layer.is_padded) {
          low = std::min<std::int64_t>(low, 0);
          high = std::max<std::int64_t>(high, 0);
        }
        for (std::int32_t tap = 0; tap < layer.taps; ++tap) {
          const std::int64_t weight = layer.weight(n, tap, c);
          least += weight * (weight > 0 ? low : high);
          most += weight * (weight > 0 ? high : low);
        }
      }
      out.push_back(layer.output_interval(n, least, most));
    }
  }

  /// Whether the layer can do without input channel c, whatever it holds for that: it contributes the same to
  /// every pixel.
  bool is_folded(const Weighted& layer, const std::vector<Interval>& in, std::int32_t c) const {
    return in[at(c)].is_constant() && (!layer.is_padded || in[at(c)].least == layer.input_zero_point);
  }

  /// What the constant channels contribute to output n. Those that are kept all the same contribute it
  /// themselves.
  std::int64_t contribution(const Weighted& layer, const std::vector<Interval>& in, const Channels& kept,
                            std::int32_t n) const {
    std::int64_t sum = 0;
    const auto [first, end] = layer.input_range(n);
    for (std::int32_t c = first; c < end; ++c)
      if (!kept[at(c)] && in[at(c)].is_constant())
        sum += (in[at(c)].least - layer.input_zero_point) * layer.weight_sum(n, c);
    return sum;
  }

  void need(graph::ValueId id, std::int32_t channel, bool& changed) {
    auto bit = needed_[id][at(channel)];
    changed |= !bit;
    bit = true;
  }
  void need_all(graph::ValueId id, bool& changed) {
    const auto found = needed_.find(id);
    if (found == needed_.end()) return;
    for (std::int32_t c = 0; c < static_cast<std::int32_t>(found->second.size()); ++c) need(id, c, changed);
  }

  /// From the outputs back, until nothing changes any more.
  void find_needed() {
    for (std::size_t node = 0; node < graph_.nodes.size(); ++node)
      if (layers_[node] || keeps_channels(graph_, graph_.nodes[node])) {
        const graph::ValueId out = graph_.nodes[node].outputs[0];
        needed_[out] = Channels(at(channels_of(graph_.value(out))), false);
      }
    for (bool changed = true; changed;) {
      changed = false;
      for (const graph::ValueId output : graph_.outputs) need_all(output, changed);
      for (std::size_t node = graph_.nodes.size(); node-- > 0;) need_inputs(node, changed);
      for (auto& [id, needed] : needed_)
        if (std::ranges::count(needed, true) == 0) need(id, 0, changed);
    }
  }

  void need_inputs(std::size_t index, bool& changed) {
    const graph::Node& node = graph_.nodes[index];
    const bool is_known = layers_[index] || keeps_channels(graph_, node);
    const graph::ValueId in = node.inputs.empty() ? graph::kNone : node.inputs[0];
    if (!is_known) {
      for (const graph::ValueId id : node.inputs) need_all(id, changed);
      return;
    }
    const graph::ValueId out = node.outputs[0];
    const bool is_tied = !layers_[index] || layers_[index]->is_depthwise;  // channel c comes from channel c
    const bool can_shrink = needed_.contains(in);
    for (std::int32_t c = 0; c < channels_of(graph_.value(in)); ++c) {
      if (is_tied && (!can_shrink || needed_[in][at(c)])) need(out, c, changed);
      if (can_shrink && !needed_[in][at(c)] && needs(index, c)) need(in, c, changed);
    }
  }

  /// Whether the node needs input channel c for the outputs that are needed.
  bool needs(std::size_t index, std::int32_t c) {
    const graph::Node& node = graph_.nodes[index];
    const Channels& out = needed_[node.outputs[0]];
    if (!layers_[index]) return out[at(c)];
    const Weighted& layer = *layers_[index];
    if (layer.is_depthwise) return out[at(c)];
    if (is_folded(layer, intervals(node.inputs[0]), c)) return false;
    for (std::int32_t n = 0; n < layer.outputs; ++n)
      if (out[at(n)] && layer.reads(n, c)) return true;
    return false;
  }

  Channels kept(graph::ValueId id) const {
    const auto found = needed_.find(id);
    return found != needed_.end() ? found->second : Channels(at(channels_of(graph_.value(id))), true);
  }

  bool biases_fit(std::size_t index) const {
    const Channels inputs = kept(graph_.nodes[index].inputs[0]);
    const std::vector<Interval> in = intervals(graph_.nodes[index].inputs[0]);
    for (std::int32_t n = 0; n < layers_[index]->outputs; ++n) {
      const std::int64_t bias = layers_[index]->bias(n) + contribution(*layers_[index], in, inputs, n);
      if (bias < INT32_MIN || bias > INT32_MAX) return false;
    }
    return true;
  }

  /// Gives the node weights and biases of the channels that are kept.
  void rewrite(graph::Graph& result, std::size_t index) const {
    const Weighted& layer = *layers_[index];
    graph::Node& node = result.nodes[index];
    const Channels inputs = kept(node.inputs[0]);
    const Channels outputs = kept(node.outputs[0]);
    if (std::ranges::count(inputs, false) == 0 && std::ranges::count(outputs, false) == 0) return;
    const std::vector<Interval> in = intervals(node.inputs[0]);
    std::vector<std::int8_t> weights;
    std::vector<std::int32_t> bias;
    for (std::int32_t n = 0; n < layer.outputs; ++n)
      if (outputs[at(n)])
        bias.push_back(static_cast<std::int32_t>(layer.bias(n) + contribution(layer, in, inputs, n)));
    if (layer.is_depthwise) {
      for (std::int32_t tap = 0; tap < layer.taps; ++tap)
        for (std::int32_t n = 0; n < layer.outputs; ++n)
          if (outputs[at(n)]) weights.push_back(static_cast<std::int8_t>(layer.weight(n, tap, n)));
    } else {
      for (std::int32_t n = 0; n < layer.outputs; ++n)
        for (std::int32_t tap = 0; tap < layer.taps; ++tap)
          for (std::int32_t c = 0; c < layer.inputs; ++c)
            if (outputs[at(n)] && inputs[at(c)])
              weights.push_back(static_cast<std::int8_t>(layer.weight(n, tap, c)));
    }
    graph::Value kernel = graph_.value(node.inputs[1]);
    kernel.data.assign(weights.begin(), weights.end());
    kernel.shape.back() = static_cast<std::int32_t>(std::ranges::count(inputs, true));
    if (!layer.is_depthwise) kernel.shape[0] = static_cast<std::int32_t>(bias.size());
    select_scales(kernel, outputs);
    graph::Value biases = graph::constant<std::int32_t>(kernel.name + "/bias", graph::DType::kInt32,
                                                        {static_cast<std::int32_t>(bias.size())}, bias);
    if (const graph::Value* old = ops::input(graph_, node, 2)) {
      biases.name = old->name;
      biases.quantization = old->quantization;
      select_scales(biases, outputs);
    }
    node.inputs.resize(3, graph::kNone);
    node.inputs[1] = result.add(std::move(kernel));
    node.inputs[2] = result.add(std::move(biases));
  }

  static void select_scales(graph::Value& value, const Channels& kept) {
    if (!value.quantization || !value.quantization->per_axis()) return;
    graph::Quantization selected = {{}, {}, value.quantization->axis};
    for (std::size_t index = 0; index < kept.size(); ++index) {
      if (!kept[index]) continue;
      selected.scale.push_back(value.quantization->scale[index]);
      selected.zero_point.push_back(value.quantization->zero_point[index]);
    }
    value.quantization = std::move(selected);
  }

  const graph::Graph& graph_;
  std::vector<std::optional<Weighted>> layers_;  ///< by node
  std::map<graph::ValueId, std::vector<Interval>> intervals_;
  std::map<graph::ValueId, Channels> needed_;  ///< of values whose channels may go
};

}  // namespace

Result<graph::Graph> fold_constant_channels(const graph::Graph& graph) {
  const Folding folding(graph);
  return folding.is_useful() ? folding.result() : graph;
}

}  // namespace mote::compile
