// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <numeric>

#include "features/design/fft16.h"
#include "mote/kernels/signal_variants.h"
#include "ops/lower_layer.h"
#include "ops/signal/signal.h"

namespace mote::ops::signal {
namespace {

using Layers = Result<std::vector<Layer>>;

/// A node on its way to its call.
struct Call {
  const graph::Graph& graph;
  const graph::Node& node;
  const LowerOptions& options;
  const Attributes& attributes;

  const graph::Value& in(std::size_t index) const { return *input(graph, node, index); }
  std::int32_t count() const { return static_cast<std::int32_t>(in(0).element_count()); }
  std::vector<std::int16_t> constant(std::size_t index) const {
    return graph::elements<std::int16_t>(in(index));
  }

  template <class Variants, class Shape, class... Tables>
  Layers layers(const std::vector<graph::ValueId>& operands, const ByValue<Shape>& shape,
                const Tables&... tables) const {
    return lower_plain<Variants>(graph, node, options, operands, shape, tables...);
  }
};

Layers window(const Call& call) {
  const kernels::SignalWindowShape shape = {call.count(), call.in(1).shape[0], call.attributes["shift"]};
  TableSet<kernels::SignalWindowTables> tables;
  tables.add("weights", &kernels::SignalWindowTables::weights, call.constant(1));
  return call.layers<kernels::SignalWindowVariants>(
      {call.node.inputs[0], call.node.outputs[0]},
      ByValue{shape, {field("count", shape.count), field("width", shape.width), field("shift", shape.shift)}},
      tables);
}

Layers fft_auto_scale(const Call& call) {
  const kernels::SignalCountShape shape = {call.count()};
  return call.layers<kernels::SignalFftAutoScaleVariants>(
      {call.node.inputs[0], call.node.outputs[0], call.node.outputs[1]},
      ByValue{shape, {field("count", shape.count)}});
}

Layers rfft(const Call& call) {
  const std::int32_t width = call.in(0).shape.back();
  const kernels::SignalRfftShape shape = {call.count() / width, width, call.attributes["fft_length"]};
  TableSet<kernels::SignalRfftTables> tables;
  tables.add("twiddles", &kernels::SignalRfftTables::twiddles, features::fft16_twiddles(shape.length));
  return call.layers<kernels::SignalRfftVariants>(
      {call.node.inputs[0], call.node.outputs[0]},
      ByValue{shape, {field("rows", shape.rows), field("width", shape.width), field("length", shape.length)}},
      tables);
}

Layers energy(const Call& call) {
  const kernels::SignalEnergyShape shape = {call.count() / 2, call.attributes["start_index"],
                                            call.attributes["end_index"]};
  return call.layers<kernels::SignalEnergyVariants>(
      {call.node.inputs[0], call.node.outputs[0]},
      ByValue{shape, {field("count", shape.count), field("from", shape.from), field("to", shape.to)}});
}

Layers filter_bank(const Call& call) {
  using Tables = kernels::SignalFilterBankTables;
  const auto widths = call.constant(kWidths);
  const kernels::SignalFilterBankShape shape = {
      call.count(), call.attributes["num_channels"],
      std::accumulate(widths.begin(), widths.end(), std::int32_t{0})};
  TableSet<Tables> tables;
  tables.add("starts", &Tables::starts, call.constant(kStarts))
      .add("weight_starts", &Tables::weight_starts, call.constant(kWeightStarts))
      .add("widths", &Tables::widths, widths)
      .add("weights", &Tables::weights, call.constant(kWeights))
      .add("unweights", &Tables::unweights, call.constant(kUnweights));
  return call.layers<kernels::SignalFilterBankVariants>(
      {call.node.inputs[0], call.node.outputs[0]},
      ByValue{
          shape,
          {field("bins", shape.bins), field("channels", shape.channels), field("products", shape.products)}},
      tables);
}

Layers square_root(const Call& call) {
  const kernels::SignalCountShape shape = {call.count()};
  return call.layers<kernels::SignalSquareRootVariants>(
      {call.node.inputs[0], call.node.inputs[1], call.node.outputs[0]},
      ByValue{shape, {field("count", shape.count)}});
}

Layers spectral_subtraction(const Call& call) {
  const Attributes& from = call.attributes;
  const kernels::SignalNoiseShape shape = {call.count(),
                                           from["smoothing"],
                                           from["one_minus_smoothing"],
                                           from["alternate_smoothing"],
                                           from["alternate_one_minus_smoothing"],
                                           from["min_signal_remaining"],
                                           from["smoothing_bits"],
                                           from["spectral_subtraction_bits"],
                                           from["clamping"] != 0};
  return call.layers<kernels::SignalSpectralSubtractionVariants>(
      {call.node.inputs[0], call.node.outputs[0], call.node.outputs[1], call.node.inputs[1]},
      ByValue{shape,
              {field("channels", shape.channels), field("even_smoothing", shape.even_smoothing),
               field("even_one_minus_smoothing", shape.even_one_minus_smoothing),
               field("odd_smoothing", shape.odd_smoothing),
               field("odd_one_minus_smoothing", shape.odd_one_minus_smoothing),
               field("minimum_kept", shape.minimum_kept), field("smoothing_bits", shape.smoothing_bits),
               field("bits", shape.bits), field("clamped", shape.clamped)}});
}

Layers pcan(const Call& call) {
  const kernels::SignalPcanShape shape = {call.count(), call.attributes["snr_shift"]};
  TableSet<kernels::SignalPcanTables> tables;
  tables.add("gains", &kernels::SignalPcanTables::gains, call.constant(2));
  return call.layers<kernels::SignalPcanVariants>(
      {call.node.inputs[0], call.node.inputs[1], call.node.outputs[0]},
      ByValue{shape, {field("channels", shape.channels), field("ratio_shift", shape.ratio_shift)}}, tables);
}

Layers log(const Call& call) {
  const kernels::SignalLogShape shape = {call.count(), call.attributes["output_scale"],
                                         call.attributes["input_correction_bits"]};
  return call.layers<kernels::SignalLogVariants>(
      {call.node.inputs[0], call.node.outputs[0]},
      ByValue{shape,
              {field("channels", shape.channels), field("scale", shape.scale), field("left", shape.left)}});
}

Layers lower(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, signal::attributes(graph, node));
  constexpr Layers (*kCalls[])(const Call&) = {window,      fft_auto_scale,       rfft, energy, filter_bank,
                                               square_root, spectral_subtraction, pcan, log};
  static_assert(std::size(kCalls) == std::size(kNames));
  return kCalls[static_cast<std::size_t>(attributes.function)]({graph, node, options, attributes});
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::signal
