// SPDX-License-Identifier: Apache-2.0
#include "ops/execute.h"

#include "mote/kernels/softmax_variants.h"
#include "ops/execute_kernels.h"
#include "ops/softmax/kernel.h"

namespace mote::ops::softmax {
namespace {

Result<Step> prepare(const graph::Graph& graph, const graph::Node& node, const ExecuteOptions& options) {
  if (input(graph, node, 0)->dtype == graph::DType::kFloat32) {
    MOTE_TRY(const FloatLayer layer, float_layer(graph, node));
    using Kernel = kernels::SoftmaxFloat;
    if (!Kernel::supports(layer.shape)) return refuse(graph, node, "sizes are out of range");
    return plain_step<float, float>(Kernel::kName, Kernel::scratch_bytes(layer.shape),
                                    [layer](const float* in, float* out, void* scratch) {
                                      Kernel::run(layer.shape, layer.beta, in, out, scratch);
                                    });
  }
  MOTE_TRY(const kernels::SoftmaxShape shape, int8_layer(graph, node));
  return select_variant<kernels::SoftmaxVariants, kernels::SoftmaxReference>(
      graph, node, options, shape, kernels::Limits{}, [&](auto variant) {
        using Variant = decltype(variant);
        return plain_step<std::int8_t, std::int8_t>(
            Variant::kName, Variant::scratch_bytes(shape),
            [shape](const std::int8_t* in, std::int8_t* out, void* scratch) {
              Variant::run(shape, in, out, scratch);
            });
      });
}

}  // namespace

extern const Execute kExecute = {prepare};

}  // namespace mote::ops::softmax
