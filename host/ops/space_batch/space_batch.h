// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "ops/attributes.h"

namespace mote::ops::space_batch {

/// Blocks of pixels dealt out to as many batches, after a border of zeros was put around; or back again, and
/// the border cropped. Input 1 has the block's extents, input 2 a pair for each: before and after.
struct Attributes {
  bool to_batch = true;

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

/// A spatial axis.
struct Axis {
  std::int64_t space;  ///< extent where blocks lie side by side
  std::int64_t batch;  ///< extent of each batch: (space + before + after) / block
  std::int64_t block;
  std::int64_t before;  ///< border in front
};

/// The node's geometry; `shape` is the output's.
struct Layout {
  std::vector<Axis> axes;  ///< from axis 1 of the tensors on
  std::int64_t batches;    ///< of the side where blocks lie side by side
  std::int64_t depth;      ///< elements behind the spatial axes
  std::vector<std::int32_t> shape;
};

/// The layout of a node whose operands are present; none while block or border are not constant. Errors
/// (kInput): operands do not fit together.
Result<std::optional<Layout>> layout_of(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::space_batch
