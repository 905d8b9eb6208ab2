// SPDX-License-Identifier: Apache-2.0
#include "ops/space_batch/space_batch.h"

#include <fmt/format.h>

#include "ops/axes.h"
#include "ops/operands.h"

namespace mote::ops::space_batch {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  const Attributes result = {reader.boolean("to_batch")};
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {{"to_batch", std::int64_t{attributes.to_batch ? 1 : 0}}};
}

Result<std::optional<Layout>> layout_of(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, space_batch::attributes(graph, node));
  MOTE_TRY(const auto blocks, constant_integers(graph, node, 1, "block shape"));
  MOTE_TRY(const auto borders, constant_integers(graph, node, 2, "border"));
  if (!blocks || !borders) return std::optional<Layout>();
  const std::vector<std::int32_t>& in = input(graph, node, 0)->shape;
  const bool fits = !blocks->empty() && borders->size() == 2 * blocks->size() && in.size() > blocks->size();
  if (!fits)
    return refuse(graph, node,
                  fmt::format("input {} does not fit to {} block extents and {} border widths",
                              graph::shape_text(in), blocks->size(), borders->size()));
  Layout layout = {{}, in[0], extent_product(in, 1 + blocks->size(), in.size()), in};
  for (std::size_t axis = 0; axis < blocks->size(); ++axis) {
    const std::int64_t block = (*blocks)[axis], before = (*borders)[2 * axis],
                       after = (*borders)[2 * axis + 1];
    const bool in_range = block >= 1 && block <= kMaximumStep && before >= 0 && after >= 0 &&
                          before <= kMaximumStep && after <= kMaximumStep;
    const std::int64_t extent = in[axis + 1];
    const std::int64_t space = attributes.to_batch ? extent : extent * block - before - after;
    const bool divides =
        in_range && space >= 1 &&
        (attributes.to_batch ? (space + before + after) % block == 0 : layout.batches % block == 0);
    if (!divides)
      return refuse(
          graph, node,
          fmt::format("axis {} with {} elements and {} batches cannot be cut into blocks of {} with the "
                      "borders {} and {}",
                      axis + 1, extent, layout.batches, block, before, after));
    const std::int64_t batch = attributes.to_batch ? (space + before + after) / block : extent;
    layout.axes.push_back({space, batch, block, before});
    layout.shape[axis + 1] = static_cast<std::int32_t>(attributes.to_batch ? batch : space);
    if (attributes.to_batch) {
      if (std::int64_t{layout.shape[0]} * block > graph::kMaximumValueBytes)
        return refuse(graph, node, "the output is too large");
      layout.shape[0] *= static_cast<std::int32_t>(block);
    } else {
      layout.batches /= block;
      layout.shape[0] = static_cast<std::int32_t>(layout.batches);
    }
  }
  return std::optional(std::move(layout));
}

}  // namespace mote::ops::space_batch
