// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "ops/attributes.h"

namespace mote::ops::gather {

/// Stored as "embedding_lookup", "gather", "gather_nd".
enum class Function : std::uint8_t {
  kEmbeddingLookup,  ///< rows of input 1 by the numbers in input 0; an int8 table may give floats
  kGather,           ///< slices of input 0 along an axis by the numbers in input 1
  kGatherNd,         ///< slices of input 0 by lists of numbers in input 1
};

/// Slices of a table picked by int32 numbers, or int64 but for embedding_lookup. One outside of the table
/// picks the nearest slice.
struct Attributes {
  Function function = Function::kGather;
  std::int32_t axis = 0;  ///< of gather; negative: from the end
  std::int32_t batch_axes =
      0;  ///< of gather: leading axes that table and numbers share; negative: from the end

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

/// Which input is the table, and which are the numbers.
std::size_t table_input(Function function);
std::size_t numbers_input(Function function);

/// Sizes of the node, whose operands are present.
struct Layout {
  std::vector<std::int32_t> shape;  ///< the output's
  std::int64_t batch = 1;
  std::int64_t outer = 1;
  std::int64_t axis = 1;     ///< slices of the table to pick from; of gather_nd unused
  std::int64_t inner = 1;    ///< elements of a slice
  std::int64_t numbers = 1;  ///< picked slices, in each batch
};

/// Errors (kInput): table and numbers do not fit together.
Result<Layout> layout_of(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::gather
