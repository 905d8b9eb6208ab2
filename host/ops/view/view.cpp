// SPDX-License-Identifier: Apache-2.0
#include "ops/view/view.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "ops/axes.h"
#include "ops/operands.h"

namespace mote::ops::view {
namespace {

using graph::Graph;
using graph::Node;
using Integers = std::vector<std::int64_t>;
using Shape = std::vector<std::int32_t>;

constexpr std::string_view kFunctions[] = {"broadcast_to",   "depth_to_space", "reverse",  "slice",
                                           "space_to_depth", "strided_slice",  "transpose"};
constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();

/// Every axis of the input as it is.
View whole(const Shape& shape) {
  View view;
  const auto strides = dense_strides(shape);
  for (std::size_t axis = 0; axis < shape.size(); ++axis) view.axes.push_back({shape[axis], strides[axis]});
  view.shape = shape;
  return view;
}

/// The axis of a slice, and what it adds to the offset.
void add_axis(View& view, std::int64_t first, View::Axis axis) {
  view.offset += first;
  view.axes.push_back(axis);
  view.shape.push_back(static_cast<std::int32_t>(std::min<std::int64_t>(axis.extent, kMost)));
}

Result<View> broadcast_to(const Graph& graph, const Node& node) {
  const Shape& from = input(graph, node, 0)->shape;
  const Shape& to = output(graph, node).shape;
  const auto mismatch = [&] {
    return refuse(graph, node,
                  fmt::format("cannot broadcast {} to {}", graph::shape_text(from), graph::shape_text(to)));
  };
  if (from.size() > to.size()) return mismatch();
  const auto strides = dense_strides(from);
  const std::size_t added = to.size() - from.size();
  View view;
  for (std::size_t axis = 0; axis < to.size(); ++axis) {
    const bool repeats = axis < added || from[axis - added] == 1;
    if (!repeats && from[axis - added] != to[axis]) return mismatch();
    add_axis(view, 0, {to[axis], repeats ? 0 : strides[axis - added]});
  }
  return view;
}

Result<View> transpose(const Graph& graph, const Node& node, const Integers& order) {
  const View in = whole(input(graph, node, 0)->shape);
  std::vector<bool> seen(in.axes.size());
  View view;
  for (const std::int64_t number : order) {
    MOTE_TRY(const std::size_t axis, axis_index(graph, node, number, in.axes.size()));
    if (seen[axis]) return refuse(graph, node, fmt::format("axis {} stands twice in the order", axis));
    seen[axis] = true;
    add_axis(view, 0, in.axes[axis]);
  }
  if (order.size() != in.axes.size())
    return refuse(graph, node, fmt::format("orders {} axes, the input has {}", order.size(), in.axes.size()));
  return view;
}

Result<View> reverse(const Graph& graph, const Node& node, const Integers& axes) {
  View view = whole(input(graph, node, 0)->shape);
  for (const std::int64_t number : axes) {
    MOTE_TRY(const std::size_t axis, axis_index(graph, node, number, view.axes.size()));
    View::Axis& reversed = view.axes[axis];
    if (reversed.stride < 0) return refuse(graph, node, fmt::format("axis {} is reversed twice", axis));
    view.offset += (reversed.extent - 1) * reversed.stride;
    reversed.stride = -reversed.stride;
  }
  return view;
}

Result<View> slice(const Graph& graph, const Node& node, const Integers& begin, const Integers& size) {
  const View in = whole(input(graph, node, 0)->shape);
  if (begin.size() != in.axes.size() || size.size() != in.axes.size())
    return refuse(
        graph, node,
        fmt::format("slices {} and {} axes, the input has {}", begin.size(), size.size(), in.axes.size()));
  View view;
  for (std::size_t axis = 0; axis < in.axes.size(); ++axis) {
    const auto [extent, stride] = in.axes[axis];
    const bool begins_inside = begin[axis] >= 0 && begin[axis] < extent;
    const std::int64_t count = size[axis] == -1 ? extent - begin[axis] : size[axis];
    if (!begins_inside || count < 1 || count > extent - begin[axis])
      return refuse(graph, node,
                    fmt::format("{} elements from {} are outside of axis {}, which has {}", size[axis],
                                begin[axis], axis, extent));
    add_axis(view, begin[axis] * stride, {count, stride});
  }
  return view;
}

/// begin, end and stride of one axis.
struct Range {
  std::int64_t begin;
  std::int64_t end;
  std::int64_t stride;
};

bool has(std::int32_t mask, std::size_t bit) {
  return (static_cast<std::uint32_t>(mask) >> bit & 1u) != 0;
}

/// The range within an axis, by the format's rules: negative numbers count from the end, everything is
/// clamped.
Range clamped(Range range, std::int64_t extent, const Masks& masks, std::size_t bit) {
  const bool forward = range.stride > 0;
  const std::int64_t low = forward ? 0 : -1, high = forward ? extent : extent - 1;
  const auto inside = [&](std::int64_t position) {
    return std::clamp(position < 0 ? position + extent : position, low, high);
  };
  const std::int64_t first = has(masks.begin, bit) ? (forward ? low : high) : inside(range.begin);
  const std::int64_t stop = masks.offset ? first + range.end : range.end;
  return {first, has(masks.end, bit) ? (forward ? high : low) : inside(stop), range.stride};
}

/// Goes through the numbers of a strided slice and through the axes of the input that they speak of.
class StridedSlice {
 public:
  StridedSlice(const Graph& graph, const Node& node, const Masks& masks)
      : graph_(graph), node_(node), masks_(masks), in_(whole(input(graph, node, 0)->shape)) {}

  Result<View> view(const Integers& begin, const Integers& end, const Integers& strides) {
    if (begin.size() > 31 || end.size() != begin.size() || strides.size() != begin.size())
      return refuse(graph_, node_,
                    fmt::format("begin, end and strides have {}, {} and {} numbers, expected as many of each",
                                begin.size(), end.size(), strides.size()));
    std::size_t spoken_of = 0;
    for (std::size_t bit = 0; bit < begin.size(); ++bit)
      if (!has(masks_.ellipsis, bit) && !has(masks_.new_axis, bit)) ++spoken_of;
    for (std::size_t bit = 0; bit < begin.size(); ++bit) {
      if (has(masks_.ellipsis, bit)) {
        while (next_ + spoken_of < in_.axes.size()) add_whole();
      } else if (has(masks_.new_axis, bit)) {
        add_axis(view_, 0, {1, 0});
      } else {
        MOTE_CHECK(add_range({begin[bit], end[bit], strides[bit]}, bit));
        --spoken_of;
      }
    }
    while (next_ < in_.axes.size()) add_whole();
    return std::move(view_);
  }

 private:
  void add_whole() { add_axis(view_, 0, in_.axes[next_++]); }

  Result<void> add_range(Range range, std::size_t bit) {
    if (next_ == in_.axes.size())
      return refuse(graph_, node_, fmt::format("slices more axes than the input's {}", in_.axes.size()));
    const bool fits =
        std::ranges::all_of(std::array{range.begin, range.end, range.stride},
                            [](std::int64_t number) { return number >= kLeast && number <= kMost; });
    if (!fits || range.stride == 0)
      return refuse(graph_, node_, fmt::format("stride {} is not possible", range.stride));
    const auto [extent, stride] = in_.axes[next_++];
    const auto [first, stop, step] = clamped(range, extent, masks_, bit);
    if (has(masks_.shrink, bit)) {
      if (first < 0 || first >= extent)
        return refuse(graph_, node_, fmt::format("element {} is outside of an axis with {}", first, extent));
      view_.offset += first * stride;
      return {};
    }
    const std::int64_t distance = step > 0 ? stop - first : first - stop;
    const std::int64_t length = step > 0 ? step : -step;
    if (distance < 1) return refuse(graph_, node_, "nothing is left of an axis");
    add_axis(view_, first * stride, {(distance + length - 1) / length, step * stride});
    return {};
  }

  const Graph& graph_;
  const Node& node_;
  const Masks& masks_;
  View in_;
  View view_;
  std::size_t next_ = 0;  ///< axis of the input
};

/// [batch][height][width][channels] with height and width, or the channels, cut into blocks.
Result<View> blocks(const Graph& graph, const Node& node, std::int32_t block, bool into_depth) {
  const Shape& in = input(graph, node, 0)->shape;
  if (in.size() != 4)
    return refuse(
        graph, node,
        fmt::format("input is {}, expected [batch, height, width, channels]", graph::shape_text(in)));
  const bool divides = into_depth ? in[1] % block == 0 && in[2] % block == 0 : in[3] % (block * block) == 0;
  if (!divides)
    return refuse(graph, node,
                  fmt::format("{} is no multiple of blocks of {}", graph::shape_text(in), block));
  const std::int64_t rows = in[1], cols = in[2], channels = in[3];
  View view;
  if (into_depth) {
    const std::int64_t row = cols * channels;
    view.axes = {{in[0], rows * row}, {rows / block, block * row}, {cols / block, block * channels},
                 {block, row},        {block, channels},           {channels, 1}};
    view.shape = {in[0], in[1] / block, in[2] / block, in[3] * block * block};
    return view;
  }
  const std::int64_t depth = channels / block / block;
  view.axes = {{in[0], rows * cols * channels},
               {rows, cols * channels},
               {block, block * depth},
               {cols, channels},
               {block, depth},
               {depth, 1}};
  view.shape = {in[0], in[1] * block, in[2] * block, static_cast<std::int32_t>(depth)};
  return view;
}

constexpr std::string_view kRoles[][3] = {
    {}, {}, {"axes"}, {"begin", "size"}, {}, {"begin", "end", "strides"}, {"order"}};

}  // namespace

Result<Attributes> attributes(const Graph& graph, const Node& node) {
  AttributeReader reader(graph, node);
  Attributes result;
  result.function = static_cast<Function>(reader.choice("function", kFunctions));
  if (result.function == Function::kDepthToSpace || result.function == Function::kSpaceToDepth)
    result.block = reader.integer("block", 1, kMaximumStep);
  if (result.function == Function::kStridedSlice) {
    result.masks = {reader.integer("begin_mask", 0, kMost),    reader.integer("end_mask", 0, kMost),
                    reader.integer("ellipsis_mask", 0, kMost), reader.integer("new_axis_mask", 0, kMost),
                    reader.integer("shrink_mask", 0, kMost),   reader.boolean("offset")};
  }
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  AttributeMap map = {{"function", std::string(kFunctions[static_cast<std::size_t>(attributes.function)])}};
  if (attributes.function == Function::kDepthToSpace || attributes.function == Function::kSpaceToDepth)
    map["block"] = std::int64_t{attributes.block};
  if (attributes.function == Function::kStridedSlice) {
    map["begin_mask"] = std::int64_t{attributes.masks.begin};
    map["end_mask"] = std::int64_t{attributes.masks.end};
    map["ellipsis_mask"] = std::int64_t{attributes.masks.ellipsis};
    map["new_axis_mask"] = std::int64_t{attributes.masks.new_axis};
    map["shrink_mask"] = std::int64_t{attributes.masks.shrink};
    map["offset"] = std::int64_t{attributes.masks.offset ? 1 : 0};
  }
  return map;
}

Result<std::optional<View>> view_of(const Graph& graph, const Node& node) {
  MOTE_TRY(const Attributes attributes, view::attributes(graph, node));
  std::vector<Integers> operands;
  for (const std::string_view role : kRoles[static_cast<std::size_t>(attributes.function)]) {
    if (role.empty()) break;
    MOTE_TRY(auto integers, constant_integers(graph, node, operands.size() + 1, role));
    if (!integers) return std::optional<View>();
    operands.push_back(*std::move(integers));
  }
  switch (attributes.function) {
    case Function::kBroadcastTo:
      return broadcast_to(graph, node);
    case Function::kDepthToSpace:
      return blocks(graph, node, attributes.block, false);
    case Function::kReverse:
      return reverse(graph, node, operands[0]);
    case Function::kSlice:
      return slice(graph, node, operands[0], operands[1]);
    case Function::kSpaceToDepth:
      return blocks(graph, node, attributes.block, true);
    case Function::kStridedSlice:
      return StridedSlice(graph, node, attributes.masks).view(operands[0], operands[1], operands[2]);
    case Function::kTranspose:
      return transpose(graph, node, operands[0]);
  }
  return std::optional<View>();
}

}  // namespace mote::ops::view
