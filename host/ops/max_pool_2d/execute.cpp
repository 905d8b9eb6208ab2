// SPDX-License-Identifier: Apache-2.0
#include "ops/execute.h"

#include "mote/kernels/max_pool_2d_variants.h"
#include "ops/pool_2d_execute.h"

namespace mote::ops::max_pool_2d {
namespace {

Result<Step> prepare(const graph::Graph& graph, const graph::Node& node, const ExecuteOptions& options) {
  return pool_2d_step<kernels::MaxPool2dVariants, kernels::MaxPool2dReference, kernels::MaxPool2dFloat>(
      graph, node, options);
}

}  // namespace

extern const Execute kExecute = {prepare};

}  // namespace mote::ops::max_pool_2d
