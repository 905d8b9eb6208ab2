// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/resize_variants.h"
#include "ops/copy_layer.h"
#include "ops/lower_layer.h"
#include "ops/resize/resize.h"

namespace mote::ops::resize {
namespace {

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, resize::attributes(graph, node));
  const std::vector<std::int32_t>& in = input(graph, node, 0)->shape;
  const std::vector<std::int32_t>& out = output(graph, node).shape;
  const kernels::ResizeShape shape = {in[0],
                                      in[1],
                                      in[2],
                                      in[3],
                                      out[1],
                                      out[2],
                                      attributes.align_corners,
                                      attributes.half_pixel_centers,
                                      options.rounding};
  const ByValue by_value{
      shape,
      {field("batch", shape.batch), field("in_height", shape.in_height), field("in_width", shape.in_width),
       field("channels", shape.channels), field("out_height", shape.out_height),
       field("out_width", shape.out_width), field("align_corners", shape.align_corners),
       field("half_pixel_centers", shape.half_pixel_centers), field("rounding", shape.rounding)}};
  const std::vector<graph::ValueId> operands = {node.inputs[0], node.outputs[0]};
  const graph::DType type = input(graph, node, 0)->dtype;
  if (!attributes.bilinear)
    return for_element(type, [&](auto element) {
      return lower_plain<kernels::ResizeNearestVariants<decltype(element)>>(graph, node, options, operands,
                                                                            by_value);
    });
  if (type == graph::DType::kFloat32)
    return lower_plain<kernels::ResizeBilinearFloatVariants>(graph, node, options, operands, by_value);
  if (type == graph::DType::kInt16)
    return lower_plain<kernels::ResizeBilinearIntegerVariants<std::int16_t>>(graph, node, options, operands,
                                                                             by_value);
  return lower_plain<kernels::ResizeBilinearIntegerVariants<std::int8_t>>(graph, node, options, operands,
                                                                          by_value);
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::resize
