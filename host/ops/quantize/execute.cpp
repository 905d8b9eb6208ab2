// SPDX-License-Identifier: Apache-2.0
#include "ops/execute.h"

#include "mote/kernels/quantize_variants.h"
#include "ops/execute_kernels.h"
#include "ops/quantize/kernel.h"

namespace mote::ops::quantize {
namespace {

template <class In>
Result<Step> integer_step(const graph::Graph& graph, const graph::Node& node, const ExecuteOptions& options) {
  MOTE_TRY(const kernels::QuantizeShape shape, integer_layer(graph, node));
  return select_variant<kernels::QuantizeVariants, kernels::QuantizeReference>(
      graph, node, options, shape, kernels::Limits{}, [&](auto variant) {
        using Variant = decltype(variant);
        return plain_step<In, std::int8_t>(Variant::kName, Variant::scratch_bytes(shape),
                                           [shape](const In* in, std::int8_t* out, void* scratch) {
                                             Variant::run(shape, in, out, scratch);
                                           });
      });
}

Result<Step> prepare(const graph::Graph& graph, const graph::Node& node, const ExecuteOptions& options) {
  const graph::DType from = input(graph, node, 0)->dtype;
  if (from == graph::DType::kInt8) return integer_step<std::int8_t>(graph, node, options);
  if (from == graph::DType::kInt16) return integer_step<std::int16_t>(graph, node, options);
  MOTE_TRY(const kernels::QuantizeFloatShape shape, float_layer(graph, node));
  using Kernel = kernels::QuantizeFloat;
  if (!Kernel::supports(shape)) return refuse(graph, node, "sizes are out of range");
  return plain_step<float, std::int8_t>(
      Kernel::kName, Kernel::scratch_bytes(shape),
      [shape](const float* in, std::int8_t* out, void* scratch) { Kernel::run(shape, in, out, scratch); });
}

}  // namespace

extern const Execute kExecute = {prepare};

}  // namespace mote::ops::quantize
