// SPDX-License-Identifier: Apache-2.0
#include "graph/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace mote::graph {
namespace {

constexpr std::size_t kMaximumRank = 8;

bool in_range(const Graph& graph, ValueId id) {
  return id >= 0 && static_cast<std::size_t>(id) < graph.values.size();
}

std::string place(const Graph& graph, ValueId id) {
  return fmt::format("tensor {} '{}'", id, graph.value(id).name);
}

Result<void> validate_shape(const Graph& graph, ValueId id) {
  const Value& value = graph.value(id);
  if (value.shape.size() > kMaximumRank)
    return fail(ErrorKind::kInput,
                fmt::format("has {} dimensions, at most {} are supported", value.shape.size(), kMaximumRank),
                place(graph, id));
  std::int64_t bytes = size_of(value.dtype);
  for (const std::int32_t extent : value.shape) {
    if (extent < 1)
      return fail(ErrorKind::kInput, fmt::format("has a dimension of {}, expected at least 1", extent),
                  place(graph, id));
    bytes *= extent;
    if (bytes > kMaximumValueBytes)
      return fail(ErrorKind::kInput, fmt::format("is larger than {} bytes", kMaximumValueBytes),
                  place(graph, id));
  }
  if (value.is_constant() && static_cast<std::int64_t>(value.data.size()) != bytes)
    return fail(ErrorKind::kInput,
                fmt::format("holds {} bytes, its shape {} of {} needs {}", value.data.size(),
                            shape_text(value.shape), to_string(value.dtype), bytes),
                place(graph, id));
  if (value.is_constant() && value.is_state)
    return fail(ErrorKind::kInput, "is kept between runs and has a constant content, expected one of both",
                place(graph, id));
  return {};
}

Result<void> validate_quantization(const Graph& graph, ValueId id) {
  const Value& value = graph.value(id);
  if (!value.quantization) return {};
  const Quantization& quantization = *value.quantization;
  const std::size_t count = quantization.scale.size();
  if (count == 0 || quantization.zero_point.size() != count)
    return fail(ErrorKind::kInput,
                fmt::format("has {} scales and {} zero points, expected as many of both, at least one", count,
                            quantization.zero_point.size()),
                place(graph, id));
  const bool axis_exists =
      quantization.axis >= 0 && static_cast<std::size_t>(quantization.axis) < value.shape.size();
  if (count > 1 && (!axis_exists || value.shape[static_cast<std::size_t>(quantization.axis)] !=
                                        static_cast<std::int32_t>(count)))
    return fail(ErrorKind::kInput,
                fmt::format("has {} scales along axis {}, its shape is {}", count, quantization.axis,
                            shape_text(value.shape)),
                place(graph, id));
  for (const float scale : quantization.scale)
    if (!(scale > 0 && scale <= std::numeric_limits<float>::max()))
      return fail(ErrorKind::kInput, fmt::format("has scale {}, expected a positive number", scale),
                  place(graph, id));
  const auto [low, high] = integer_range(value.dtype);
  for (const std::int64_t zero_point : quantization.zero_point)
    if (zero_point < low || zero_point > high)
      return fail(ErrorKind::kInput,
                  fmt::format("has zero point {}, outside of {}", zero_point, to_string(value.dtype)),
                  place(graph, id));
  return {};
}

/// Checks that the nodes only use what exists before them and that each value has one origin.
Result<void> validate_order(const Graph& graph) {
  std::vector<bool> known(graph.values.size());
  for (std::size_t id = 0; id < known.size(); ++id)
    known[id] = graph.values[id].is_constant() || graph.values[id].is_state;
  for (const ValueId id : graph.inputs) {
    if (!in_range(graph, id))
      return fail(ErrorKind::kInput, fmt::format("graph input {} does not exist", id), "graph");
    if (known[static_cast<std::size_t>(id)])
      return fail(ErrorKind::kInput, "is a constant, a state or listed twice among the graph's inputs",
                  place(graph, id));
    known[static_cast<std::size_t>(id)] = true;
  }
  for (std::size_t index = 0; index < graph.nodes.size(); ++index) {
    const Node& node = graph.nodes[index];
    const std::string where = fmt::format("node {} ({})", index, node.op);
    for (const ValueId id : node.inputs) {
      if (id == kNone) continue;
      if (!in_range(graph, id))
        return fail(ErrorKind::kInput, fmt::format("reads tensor {}, which does not exist", id), where);
      if (!known[static_cast<std::size_t>(id)])
        return fail(ErrorKind::kInput, fmt::format("reads {} before anything writes it", place(graph, id)),
                    where);
    }
    for (const ValueId id : node.outputs) {
      if (!in_range(graph, id))
        return fail(ErrorKind::kInput, fmt::format("writes tensor {}, which does not exist", id), where);
      if (known[static_cast<std::size_t>(id)])
        return fail(ErrorKind::kInput, fmt::format("writes {}, which has a value already", place(graph, id)),
                    where);
      known[static_cast<std::size_t>(id)] = true;
    }
  }
  for (const Node& node : graph.nodes)
    for (const ValueId id : node.intermediates)
      if (!in_range(graph, id))
        return fail(ErrorKind::kInput,
                    fmt::format("has the intermediate tensor {}, which does not exist", id), node.op);
  for (const ValueId id : graph.outputs)
    if (!in_range(graph, id) || !known[static_cast<std::size_t>(id)])
      return fail(ErrorKind::kInput, fmt::format("graph output {} is never written", id), "graph");
  return {};
}

}  // namespace

std::int64_t size_of(DType type) {
  switch (type) {
    case DType::kInt8:
    case DType::kUInt8:
    case DType::kBool:
      return 1;
    case DType::kInt16:
    case DType::kUInt16:
      return 2;
    case DType::kFloat32:
    case DType::kInt32:
    case DType::kUInt32:
      return 4;
    case DType::kInt64:
      return 8;
  }
  return 0;
}

std::string_view to_string(DType type) {
  switch (type) {
    case DType::kFloat32:
      return "float32";
    case DType::kInt8:
      return "int8";
    case DType::kUInt8:
      return "uint8";
    case DType::kInt16:
      return "int16";
    case DType::kUInt16:
      return "uint16";
    case DType::kInt32:
      return "int32";
    case DType::kInt64:
      return "int64";
    case DType::kBool:
      return "bool";
    case DType::kUInt32:
      return "uint32";
  }
  return "?";
}

std::string shape_text(const std::vector<std::int32_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

std::pair<std::int64_t, std::int64_t> integer_range(DType type) {
  switch (type) {
    case DType::kInt8:
      return {-128, 127};
    case DType::kUInt8:
      return {0, 255};
    case DType::kInt16:
      return {-32768, 32767};
    case DType::kUInt16:
      return {0, 65535};
    case DType::kInt32:
      return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
    case DType::kInt64:
      return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
    case DType::kBool:
      return {0, 1};
    case DType::kUInt32:
      return {0, std::numeric_limits<std::uint32_t>::max()};
    case DType::kFloat32:
      return {0, 0};
  }
  return {0, 0};
}

std::int64_t Value::element_count() const {
  std::int64_t count = 1;
  for (const std::int32_t extent : shape) count *= extent;
  return count;
}

std::uint8_t initial_byte(const Value& state) {
  const bool has_zero_point =
      state.dtype == DType::kInt8 && state.quantization && !state.quantization->zero_point.empty();
  return has_zero_point ? static_cast<std::uint8_t>(state.quantization->zero_point[0]) : 0;
}

ValueId Graph::add(Value value) {
  values.push_back(std::move(value));
  return static_cast<ValueId>(values.size() - 1);
}

Result<void> validate_value(const Graph& graph, ValueId id) {
  MOTE_CHECK(validate_shape(graph, id));
  return validate_quantization(graph, id);
}

Result<void> validate(const Graph& graph) {
  for (std::size_t index = 0; index < graph.values.size(); ++index)
    MOTE_CHECK(validate_value(graph, static_cast<ValueId>(index)));
  return validate_order(graph);
}

}  // namespace mote::graph
