// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the execute aspects of all operators share: choosing a variant, and packed tables that a step owns.
#include <memory>
#include <vector>

#include "mote/core/flash.h"
#include "ops/execute.h"
#include "ops/kernel.h"
#include "ops/operands.h"

namespace mote::ops {

/// Calls `make(Variant{})`, which returns a Step, for the best variant that is exact for the layer, or for
/// Reference if the options ask for it.
template <class Variants, class Reference, class Shape, class Make>
Result<Step> select_variant(const graph::Graph& graph, const graph::Node& node, const ExecuteOptions& options,
                            const Shape& shape, const kernels::Limits& limits, Make make) {
  Step step;
  const auto visit = [&](auto variant) { step = make(variant); };
  const bool found = options.reference ? kernels::VariantList<Reference>::select(kernels::Isa::kPortable,
                                                                                 shape, limits, visit)
                                       : Variants::select(options.isa, shape, limits, visit);
  if (!found)
    return refuse(graph, node,
                  "no kernel computes it exactly: sizes are out of range or sums may exceed 32 bits");
  return step;
}

/// The tables of an int8 layer in a variant's packed order.
struct PackedTables {
  std::vector<std::int32_t>
      weight_words;  ///< the weights' bytes; words because kernels want 4-byte alignment
  std::vector<std::int32_t> bias;
  std::vector<std::int32_t> multiplier;
  std::vector<std::int8_t> shift;

  template <class Tables>
  Tables view() const {
    Tables tables = {};
    tables.weights = Flash<std::int8_t>(reinterpret_cast<const std::int8_t*>(weight_words.data()));
    tables.bias = Flash<std::int32_t>(bias.data());
    tables.multiplier = Flash<std::int32_t>(multiplier.data());
    tables.shift = Flash<std::int8_t>(shift.data());
    return tables;
  }
};

/// Packs for `Variant`; shared, because a Step is copyable.
template <class Variant, class Shape>
std::shared_ptr<const PackedTables> pack_tables(const Shape& shape, std::size_t channels,
                                                const WeightTables& tables) {
  auto packed = std::make_shared<PackedTables>();
  packed->weight_words.resize(static_cast<std::size_t>(Variant::packed_bytes(shape) + 3) / 4);
  packed->bias.resize(channels);
  packed->multiplier = tables.multiplier;
  packed->shift = tables.shift;
  Variant::pack(shape, tables.weights.data(), tables.bias_or_null(),
                reinterpret_cast<std::int8_t*>(packed->weight_words.data()), packed->bias.data());
  return packed;
}

/// Step of a kernel without tables: `run(in, out, scratch)` with elements of type In and Out.
template <class In, class Out, class Run>
Step plain_step(std::string variant, std::int32_t scratch_bytes, Run run) {
  return {std::move(variant), scratch_bytes,
          [run](std::span<const std::uint8_t* const> inputs, std::span<std::uint8_t* const> outputs,
                void* scratch) {
            run(reinterpret_cast<const In*>(inputs[0]), reinterpret_cast<Out*>(outputs[0]), scratch);
          }};
}

/// Step of an int8 layer with weights.
template <class Variants, class Reference, class Tables, class Layer>
Result<Step> int8_weights_step(const graph::Graph& graph, const graph::Node& node,
                               const ExecuteOptions& options, const Layer& layer, std::int32_t channels) {
  return select_variant<Variants, Reference>(
      graph, node, options, layer.shape, layer.tables.limits, [&](auto variant) {
        using Variant = decltype(variant);
        auto packed = pack_tables<Variant>(layer.shape, static_cast<std::size_t>(channels), layer.tables);
        return plain_step<std::int8_t, std::int8_t>(
            Variant::kName, Variant::scratch_bytes(layer.shape),
            [shape = layer.shape, packed](const std::int8_t* in, std::int8_t* out, void* scratch) {
              Variant::run(shape, packed->template view<Tables>(), in, out, scratch);
            });
      });
}

/// Step of a float layer with weights.
template <class Kernel, class Tables, class Layer>
Result<Step> float_weights_step(const graph::Graph& graph, const graph::Node& node, Layer layer) {
  layer.shape.activation_min = -128;  // no meaning in float; valid() wants a range
  layer.shape.activation_max = 127;
  if (!Kernel::supports(layer.shape)) return refuse(graph, node, "sizes are out of range");
  const std::int32_t scratch_bytes = Kernel::scratch_bytes(layer.shape);
  return plain_step<float, float>(
      Kernel::kName, scratch_bytes,
      [layer = std::make_shared<const Layer>(std::move(layer))](const float* in, float* out, void* scratch) {
        Tables tables = {};
        tables.weights = Flash<float>(layer->tables.weights.data());
        if (!layer->tables.bias.empty()) tables.bias = Flash<float>(layer->tables.bias.data());
        Kernel::run(layer->shape, layer->activation, tables, in, out, scratch);
      });
}

}  // namespace mote::ops
