// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ops/ops.h"

#define MOTE_OP(name)        \
  namespace name {           \
  extern const Shape kShape; \
  }
namespace mote::ops {
#include "ops_shape.def"
}  // namespace mote::ops
#undef MOTE_OP

namespace mote::ops {

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  const Shape* shape = find_shape(node.op);
  if (shape == nullptr)
    return fail(ErrorKind::kInput, fmt::format("{} is not supported", describe(graph, node)), {},
                fmt::format("supported are {}", fmt::join(names(), ", ")));
  MOTE_TRY(const std::vector<ValueType> expected, shape->infer(graph, node));
  if (expected.size() != node.outputs.size())
    return fail(ErrorKind::kInput, fmt::format("{}: has {} outputs, expected {}", describe(graph, node),
                                               node.outputs.size(), expected.size()));
  for (std::size_t index = 0; index < expected.size(); ++index) {
    const graph::Value& output = graph.value(node.outputs[index]);
    if (output.dtype != expected[index].dtype || output.shape != expected[index].shape)
      return fail(ErrorKind::kInput,
                  fmt::format("{}: output is {} {}, expected {} {}", describe(graph, node),
                              to_string(output.dtype), graph::shape_text(output.shape),
                              to_string(expected[index].dtype), graph::shape_text(expected[index].shape)));
  }
  return {};
}

const Shape* find_shape(std::string_view op) {
#define MOTE_OP(name) \
  if (op == #name) return &name::kShape;
#include "ops_shape.def"
#undef MOTE_OP
  return nullptr;
}

Result<void> check(const graph::Graph& graph) {
  MOTE_CHECK(graph::validate(graph));
  for (const graph::Node& node : graph.nodes) MOTE_CHECK(check(graph, node));
  return {};
}

}  // namespace mote::ops
