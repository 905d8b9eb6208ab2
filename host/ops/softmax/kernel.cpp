// SPDX-License-Identifier: Apache-2.0
#include "ops/softmax/kernel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mote/core/math.h"
#include "ops/difference_scale.h"
#include "ops/operands.h"
#include "ops/softmax/softmax.h"

namespace mote::ops::softmax {
namespace {

/// TFLite lets 16-bit outputs be off so far, relative.
constexpr double kScaleTolerance = 0.001;

/// `function` at 513 places of `first` ... `last`, the last one at `last`, in units of `unit`, as TFLite
/// chooses them: half of the error in the middle of a place and the next is taken off. In float, as there.
template <class Function>
std::vector<std::int16_t> interpolation_table(float first, float last, float unit, Function function) {
  constexpr int kPlaces = 512;
  const float step = (last - first) / kPlaces;
  const float units = 65536.0f / (unit * 32767.0f - unit * -32768.0f);
  const auto entry = [](float value) {
    return static_cast<std::int16_t>(std::clamp(value, -32768.0f, 32767.0f));
  };
  std::vector<std::int16_t> table;
  for (int place = 0; place < kPlaces; ++place) {
    const float at = first + static_cast<float>(place) * step;
    const float next = function(first + static_cast<float>(place + 1) * step) * units;
    const float value = std::round(function(at) * units);
    const float middle = std::round(function(at + step / 2.0f) * units);
    table.push_back(entry(value - std::round((std::round((next + value) / 2.0f) - middle) / 2.0f)));
  }
  table.push_back(entry(std::round(function(last) * units)));
  return table;
}

}  // namespace

Result<kernels::SoftmaxShape> int8_layer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, softmax::attributes(graph, node));
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, 0), "input"));
  if (output(graph, node).dtype == graph::DType::kInt16)
    MOTE_CHECK(check_fixed_scale(graph, node, {1.0f / 65536, -32768}, kScaleTolerance));
  else
    MOTE_CHECK(check_fixed_scale(graph, node, {1.0f / 256, -128}));
  MOTE_TRY(const DifferenceScale scale,
           difference_scale(graph, node, attributes.beta * static_cast<double>(in.scale)));
  const auto [rows, depth] = rows_and_depth(graph, node);
  return kernels::SoftmaxShape{rows, depth, scale.factor.multiplier, scale.factor.shift, scale.least};
}

Result<Int16Layer> int16_layer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, softmax::attributes(graph, node));
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, 0), "input"));
  MOTE_CHECK(check_fixed_scale(graph, node, {1.0f / 32768, 0}, kScaleTolerance));
  if (in.zero_point != 0)
    return refuse(graph, node, fmt::format("input has zero point {}, expected 0", in.zero_point));
  const Requantization factor =
      quantized_multiplier(static_cast<double>(in.scale) * attributes.beta / (10.0 / 65535));
  const auto [rows, depth] = rows_and_depth(graph, node);
  const float range = 65535.0f;
  const auto end = [&](float unit, float steps) { return unit / range * steps; };
  return Int16Layer{{rows, depth, factor.multiplier, factor.shift, Rounding::kDouble},
                    interpolation_table(end(10.0f, -65535.0f), end(10.0f, 0.0f), 2.0f / range,
                                        [](float x) { return exp_f32(x); }),
                    interpolation_table(end(1.0f, 0.0f), end(1.0f, 65535.0f), 2.0f / range,
                                        [](float x) { return 1.0f / (1.0f + x); })};
}

Result<kernels::SoftmaxFloatShape> float_layer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, softmax::attributes(graph, node));
  const auto [rows, depth] = rows_and_depth(graph, node);
  return kernels::SoftmaxFloatShape{rows, depth, static_cast<float>(attributes.beta)};
}

}  // namespace mote::ops::softmax
