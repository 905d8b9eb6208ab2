// SPDX-License-Identifier: Apache-2.0
#include "ops/batch_matmul/batch_matmul.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/operands.h"

namespace mote::ops::batch_matmul {
namespace {

constexpr std::size_t kMaximumAxes = 5;

/// The axes before the last two, with ones in front.
std::array<std::int32_t, 3> batch_of(const std::vector<std::int32_t>& shape) {
  std::array<std::int32_t, 3> batch = {1, 1, 1};
  std::copy(shape.begin(), shape.end() - 2, batch.end() - static_cast<std::ptrdiff_t>(shape.size() - 2));
  return batch;
}

}  // namespace

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  Attributes result;
  result.left_transposed = reader.boolean("left_transposed");
  result.right_transposed = reader.boolean("right_transposed");
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {{"left_transposed", std::int64_t{attributes.left_transposed}},
          {"right_transposed", std::int64_t{attributes.right_transposed}}};
}

Result<Sizes> sizes(const graph::Graph& graph, const graph::Node& node, const Attributes& attributes) {
  const std::vector<std::int32_t>& left = input(graph, node, 0)->shape;
  const std::vector<std::int32_t>& right = input(graph, node, 1)->shape;
  const auto do_not_fit = [&] {
    return refuse(graph, node,
                  fmt::format("matrices {}{} and {}{} do not go together", graph::shape_text(left),
                              attributes.left_transposed ? " transposed" : "", graph::shape_text(right),
                              attributes.right_transposed ? " transposed" : ""));
  };
  if (std::min(left.size(), right.size()) < 2 || std::max(left.size(), right.size()) > kMaximumAxes)
    return do_not_fit();
  Sizes sizes = {{}, batch_of(left), batch_of(right), *(left.end() - 2), left.back(), right.back()};
  std::int32_t right_depth = *(right.end() - 2);
  if (attributes.left_transposed) std::swap(sizes.rows, sizes.depth);
  if (attributes.right_transposed) std::swap(sizes.cols, right_depth);
  if (right_depth != sizes.depth) return do_not_fit();
  for (std::size_t axis = 0; axis < sizes.batch.size(); ++axis) {
    const std::int32_t one = sizes.left_batch[axis], other = sizes.right_batch[axis];
    if (one != other && one != 1 && other != 1) return do_not_fit();
    sizes.batch[axis] = std::max(one, other);
  }
  return sizes;
}

}  // namespace mote::ops::batch_matmul
