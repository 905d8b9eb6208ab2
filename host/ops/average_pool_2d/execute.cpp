// SPDX-License-Identifier: Apache-2.0
#include "ops/execute.h"

#include "mote/kernels/average_pool_2d_variants.h"
#include "ops/pool_2d_execute.h"

namespace mote::ops::average_pool_2d {
namespace {

Result<Step> prepare(const graph::Graph& graph, const graph::Node& node, const ExecuteOptions& options) {
  return pool_2d_step<kernels::AveragePool2dVariants, kernels::AveragePool2dReference,
                      kernels::AveragePool2dFloat>(graph, node, options);
}

}  // namespace

extern const Execute kExecute = {prepare};

}  // namespace mote::ops::average_pool_2d
