// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/execute_kernels.h"
#include "ops/pool_2d_kernel.h"

namespace mote::ops {

/// Step of a pooling node.
template <class Variants, class Reference, class Float>
Result<Step> pool_2d_step(const graph::Graph& graph, const graph::Node& node, const ExecuteOptions& options) {
  if (input(graph, node, 0)->dtype == graph::DType::kFloat32) {
    MOTE_TRY(const FloatPool2d layer, float_pool_2d(graph, node));
    if (!Float::supports(layer.shape)) return refuse(graph, node, "sizes are out of range");
    return plain_step<float, float>(Float::kName, Float::scratch_bytes(layer.shape),
                                    [layer](const float* in, float* out, void* scratch) {
                                      Float::run(layer.shape, layer.activation, in, out, scratch);
                                    });
  }
  MOTE_TRY(const kernels::Pool2dShape shape, int8_pool_2d(graph, node));
  return select_variant<Variants, Reference>(
      graph, node, options, shape, kernels::Limits{}, [&](auto variant) {
        using Variant = decltype(variant);
        return plain_step<std::int8_t, std::int8_t>(
            Variant::kName, Variant::scratch_bytes(shape),
            [shape](const std::int8_t* in, std::int8_t* out, void* scratch) {
              Variant::run(shape, in, out, scratch);
            });
      });
}

}  // namespace mote::ops
