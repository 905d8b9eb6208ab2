// SPDX-License-Identifier: Apache-2.0
#include "ops/resize/resize.h"

#include "ops/operands.h"

namespace mote::ops::resize {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  const Attributes result = {reader.boolean("bilinear"), reader.boolean("align_corners"),
                             reader.boolean("half_pixel_centers")};
  MOTE_CHECK(reader.finish());
  if (result.bilinear && result.align_corners && result.half_pixel_centers)
    return refuse(graph, node, "align_corners and half_pixel_centers exclude each other");
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {{"bilinear", std::int64_t{attributes.bilinear ? 1 : 0}},
          {"align_corners", std::int64_t{attributes.align_corners ? 1 : 0}},
          {"half_pixel_centers", std::int64_t{attributes.half_pixel_centers ? 1 : 0}}};
}

}  // namespace mote::ops::resize
