// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <algorithm>

#include "ops/copy_layer.h"
#include "ops/fill_layer.h"
#include "ops/operands.h"
#include "ops/space_batch/space_batch.h"

namespace mote::ops::space_batch {
namespace {

/// Copies one place of the blocks: of each axis the block's element `place[axis]`. What lies in the border is
/// not copied. False if nothing is left.
bool add_place(const Layout& layout, const std::vector<std::int64_t>& place, bool to_batch, Copy& copy) {
  std::int64_t number = 0;
  std::int64_t space_stride = layout.depth, batch_stride = layout.depth;
  std::int64_t space_offset = 0, batch_offset = 0;
  std::vector<CopyAxis> inner = {{layout.depth, 1, 1}};
  for (std::size_t index = layout.axes.size(); index-- > 0;) {
    const Axis& axis = layout.axes[index];
    // Batch position b holds space position b * block + place - before.
    const std::int64_t shift = place[index] - axis.before;
    const std::int64_t first = shift >= 0 ? 0 : (-shift + axis.block - 1) / axis.block;
    const std::int64_t end = std::min(axis.batch, (axis.space - shift + axis.block - 1) / axis.block);
    if (end <= first) return false;
    inner.insert(inner.begin(), {end - first, axis.block * space_stride, batch_stride});
    space_offset += (first * axis.block + shift) * space_stride;
    batch_offset += first * batch_stride;
    space_stride *= axis.space;
    batch_stride *= axis.batch;
  }
  for (std::size_t index = 0; index < layout.axes.size(); ++index)
    number = number * layout.axes[index].block + place[index];
  inner.insert(inner.begin(), {layout.batches, space_stride, batch_stride});
  batch_offset += number * layout.batches * batch_stride;
  copy.axes = std::move(inner);
  copy.in_offset = space_offset;
  copy.out_offset = batch_offset;
  if (to_batch) return true;
  std::swap(copy.in_offset, copy.out_offset);
  for (CopyAxis& axis : copy.axes) std::swap(axis.in_stride, axis.out_stride);
  return true;
}

bool has_border(const Layout& layout) {
  return std::ranges::any_of(layout.axes,
                             [](const Axis& axis) { return axis.batch * axis.block != axis.space; });
}

/// Without a border all places are one copy: the axes of the places, the batches, the axes within a batch,
/// depth.
std::vector<CopyAxis> all_places(const Layout& layout, bool to_batch) {
  std::vector<CopyAxis> places, within;
  std::int64_t space_stride = layout.depth, batch_stride = layout.depth;
  for (std::size_t index = layout.axes.size(); index-- > 0;) {
    const Axis& axis = layout.axes[index];
    places.insert(places.begin(), {axis.block, space_stride, 0});
    within.insert(within.begin(), {axis.batch, axis.block * space_stride, batch_stride});
    space_stride *= axis.space;
    batch_stride *= axis.batch;
  }
  std::int64_t place_stride = layout.batches * batch_stride;
  for (std::size_t index = places.size(); index-- > 0;) {
    places[index].out_stride = place_stride;
    place_stride *= places[index].extent;
  }
  places.push_back({layout.batches, space_stride, batch_stride});
  places.insert(places.end(), within.begin(), within.end());
  places.push_back({layout.depth, 1, 1});
  if (!to_batch)
    for (CopyAxis& axis : places) std::swap(axis.in_stride, axis.out_stride);
  return places;
}

/// Layers that a node becomes at most.
constexpr std::int64_t kMostPlaces = 1024;

/// A copy for each place of the blocks, behind a layer that makes the border.
Result<std::vector<Layer>> lower_places(const graph::Graph& graph, const graph::Node& node,
                                        const LowerOptions& options, const Layout& layout, bool to_batch) {
  std::int64_t places = 1;
  for (const Axis& axis : layout.axes) places = std::min(places * axis.block, kMostPlaces + 1);
  if (places > kMostPlaces) return refuse(graph, node, "blocks with a border are too large");
  std::vector<Layer> layers;
  if (to_batch) {
    MOTE_TRY(Layer layer, zero_layer(graph, node, options));
    layers.push_back(std::move(layer));
  }
  std::vector<std::int64_t> place(layout.axes.size());
  for (;;) {
    Copy copy = {node.inputs[0], node.outputs[0], {}, 0, 0};
    if (add_place(layout, place, to_batch, copy)) {
      MOTE_TRY(Layer layer, copy_layer(graph, node, options, copy));
      layers.push_back(std::move(layer));
    }
    std::size_t axis = place.size();
    while (axis > 0 && ++place[axis - 1] == layout.axes[axis - 1].block) place[--axis] = 0;
    if (axis == 0) return layers;
  }
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, space_batch::attributes(graph, node));
  MOTE_TRY(const std::optional<Layout> layout, layout_of(graph, node));
  if (!layout || layout->shape != output(graph, node).shape)
    return refuse(graph, node, "block and border must be constants that fit to the output");
  if (has_border(*layout)) return lower_places(graph, node, options, *layout, attributes.to_batch);
  const Copy copy = {node.inputs[0], node.outputs[0], all_places(*layout, attributes.to_batch), 0, 0};
  MOTE_TRY(Layer layer, copy_layer(graph, node, options, copy));
  return std::vector{std::move(layer)};
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::space_batch
