// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "ops/copy_layer.h"
#include "ops/operands.h"
#include "ops/view/view.h"

namespace mote::ops::view {
namespace {

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const std::optional<View> view, view_of(graph, node));
  if (!view)
    return refuse(graph, node,
                  "where it takes elements from is computed when the model runs, expected constants");
  if (view->shape != output(graph, node).shape)
    return refuse(graph, node, "its constants do not fit to the shape of its output");
  Copy copy = {node.inputs[0], node.outputs[0], {}, view->offset, 0};
  std::int64_t out_stride = output(graph, node).element_count();
  for (const View::Axis& axis : view->axes) {
    out_stride /= axis.extent;
    copy.axes.push_back({axis.extent, axis.stride, out_stride});
  }
  MOTE_TRY(Layer layer, copy_layer(graph, node, options, copy));
  return std::vector{std::move(layer)};
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::view
