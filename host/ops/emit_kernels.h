// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the emit aspects of all operators share: choosing a variant from its list and asking it for everything
// that the planner and the generator need. Nothing here or behind it names a variant.
#include <cxxabi.h>

#include <cstring>
#include <memory>
#include <string>
#include <typeinfo>
#include <vector>

#include "ops/emit.h"
#include "ops/kernel.h"
#include "ops/operands.h"

namespace mote::ops {

/// How C++ spells T: "mote::kernels::FullyConnectedPlain".
template <class T>
std::string type_name() {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(typeid(T).name(), nullptr, nullptr, &status), &std::free);
  return text ? text.get() : typeid(T).name();
}

template <class T>
EmittedTable emitted_table(std::string name, graph::DType dtype, const std::vector<T>& items) {
  EmittedTable table{std::move(name), dtype, {}};
  table.data.resize(items.size() * sizeof(T));
  std::memcpy(table.data.data(), items.data(), table.data.size());
  return table;
}

/// Refuses what the int8 kernels do not take.
inline Result<void> check_integer(const graph::Graph& graph, const graph::Node& node) {
  if (input(graph, node, 0)->dtype != graph::DType::kFloat32) return {};
  return refuse(graph, node, "the input is float32, but generated code computes in int8",
                "quantise the model first: `mote quantize`");
}

/// The layer of the best variant for `isa` that is exact for `shape` and `limits`; `pack(Variant{}, layer)`
/// adds its tables.
template <class Variants, class Shape, class Pack>
Result<EmittedLayer> emit_layer(const graph::Graph& graph, const graph::Node& node, Isa isa,
                                const Shape& shape, const kernels::Limits& limits,
                                std::vector<EmittedField> fields, Pack pack) {
  EmittedLayer layer;
  const bool found = Variants::select(isa, shape, limits, [&](auto variant) {
    using Variant = decltype(variant);
    layer.variant = Variant::kName;
    layer.variant_type = type_name<Variant>();
    layer.scratch_bytes = Variant::scratch_bytes(shape);
    layer.input_ahead_bytes = Variant::input_ahead_bytes(shape);
    layer.macs = Variant::macs(shape);
    if constexpr (requires { Variant::kShareFrom; }) layer.share_from = Variant::kShareFrom;
    pack(variant, layer);
  });
  if (!found)
    return refuse(graph, node,
                  "no kernel computes it exactly: sizes are out of range or sums may exceed 32 bits");
  layer.header = "mote/kernels/" + node.op + "_variants.h";
  layer.shape_type = type_name<Shape>();
  layer.shape = std::move(fields);
  return layer;
}

/// The layer of an operator without tables.
template <class Variants, class Shape>
Result<EmittedLayer> emit_plain_layer(const graph::Graph& graph, const graph::Node& node, Isa isa,
                                      const Shape& shape, std::vector<EmittedField> fields) {
  return emit_layer<Variants>(graph, node, isa, shape, kernels::Limits{}, std::move(fields),
                              [](auto, EmittedLayer&) {});
}

/// The layer of an operator with weights; `Tables` has the members weights, bias, multiplier, shift.
template <class Variants, class Tables, class Layer>
Result<EmittedLayer> emit_weights_layer(const graph::Graph& graph, const graph::Node& node, Isa isa,
                                        const Layer& int8_layer, std::int32_t channels,
                                        std::vector<EmittedField> fields) {
  const auto pack = [&](auto variant, EmittedLayer& layer) {
    using Variant = decltype(variant);
    std::vector<std::int8_t> weights(static_cast<std::size_t>(Variant::packed_bytes(int8_layer.shape)));
    std::vector<std::int32_t> bias(static_cast<std::size_t>(channels));
    Variant::pack(int8_layer.shape, int8_layer.tables.weights.data(), int8_layer.tables.bias_or_null(),
                  weights.data(), bias.data());
    layer.tables_type = type_name<Tables>();
    layer.tables = {emitted_table("weights", graph::DType::kInt8, weights),
                    emitted_table("bias", graph::DType::kInt32, bias),
                    emitted_table("multiplier", graph::DType::kInt32, int8_layer.tables.multiplier),
                    emitted_table("shift", graph::DType::kInt8, int8_layer.tables.shift)};
  };
  return emit_layer<Variants>(graph, node, isa, int8_layer.shape, int8_layer.tables.limits, std::move(fields),
                              pack);
}

}  // namespace mote::ops
