// SPDX-License-Identifier: Apache-2.0
#include "compile/plan/layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "ops/ops.h"

namespace mote::compile {
namespace {

constexpr std::int32_t kNowhere = -1;

/// The needs of a graph, and which buffer stands for what.
class Needs {
 public:
  Needs(const graph::Graph& graph, const std::vector<Layer>& layers) : graph_(graph), layers_(layers) {
    buffer_of_value_.assign(graph.values.size(), kNowhere);
    buffer_of_scratch_.assign(layers.size(), kNowhere);
    for (const graph::ValueId input : graph.inputs) add_value(input, -1);
    for (std::int32_t step = 0; step < step_count(); ++step) add_layer(step);
    for (const graph::ValueId output : graph.outputs) buffer(output).last = step_count();
    for (std::int32_t step = 0; step < step_count(); ++step) add_overlay(step);
  }

  const MemoryNeeds& needs() const { return needs_; }

  Layout layout(const MemoryPlan& plan) const {
    const auto offsets = [&](const std::vector<std::int32_t>& buffers) {
      std::vector<std::int32_t> result;
      for (const std::int32_t index : buffers)
        result.push_back(index == kNowhere ? kNowhere : plan.offsets[static_cast<std::size_t>(index)]);
      return result;
    };
    return {offsets(buffer_of_value_), offsets(buffer_of_scratch_), plan.total_bytes};
  }

 private:
  std::int32_t step_count() const { return static_cast<std::int32_t>(layers_.size()); }
  const Layer& layer(std::int32_t step) const { return layers_[static_cast<std::size_t>(step)]; }
  std::int32_t& buffer_index(graph::ValueId value) {
    return buffer_of_value_[static_cast<std::size_t>(value)];
  }
  Buffer& buffer(graph::ValueId value) {
    return needs_.buffers[static_cast<std::size_t>(buffer_index(value))];
  }

  std::int32_t add_buffer(std::int64_t bytes, std::int32_t first, std::int32_t last) {
    needs_.buffers.push_back({static_cast<std::int32_t>(bytes), first, last});
    return static_cast<std::int32_t>(needs_.buffers.size()) - 1;
  }
  void add_value(graph::ValueId value, std::int32_t step) {
    buffer_index(value) = add_buffer(graph_.value(value).byte_count(), step, step);
  }
  void add_layer(std::int32_t step) {
    const Layer& current = layer(step);
    for (const graph::ValueId input : current.node.inputs)
      if (input != graph::kNone && buffer_index(input) != kNowhere) buffer(input).last = step;
    for (const graph::ValueId output : current.node.outputs) add_value(output, step);
    if (current.kernel.scratch_bytes > 0)
      buffer_of_scratch_[static_cast<std::size_t>(step)] =
          add_buffer(current.kernel.scratch_bytes, step, step);
  }
  /// The first input is the one that a kernel's output may trail.
  void add_overlay(std::int32_t step) {
    const Layer& current = layer(step);
    const graph::ValueId input = current.node.inputs.at(0);
    if (current.kernel.input_ahead_bytes < 0 || buffer_index(input) == kNowhere || buffer(input).last != step)
      return;
    needs_.overlays.push_back(
        {buffer_index(current.node.outputs.at(0)), buffer_index(input), current.kernel.input_ahead_bytes});
  }

  const graph::Graph& graph_;
  const std::vector<Layer>& layers_;
  MemoryNeeds needs_;
  std::vector<std::int32_t> buffer_of_value_;
  std::vector<std::int32_t> buffer_of_scratch_;
};

}  // namespace

Result<std::vector<Layer>> lower(const graph::Graph& graph, kernels::Isa isa) {
  std::vector<Layer> layers;
  for (const graph::Node& node : graph.nodes) {
    const ops::Emit* aspect = ops::find_emit(node.op);
    if (aspect == nullptr)
      return fail(ErrorKind::kInput, fmt::format("{}: this operator cannot be compiled",
                                                 escape_comment(ops::describe(graph, node))));
    MOTE_TRY(ops::EmittedLayer kernel, aspect->emit(graph, node, isa));
    layers.push_back({node, std::move(kernel)});
  }
  return layers;
}

Result<Layout> lay_out(const graph::Graph& graph, const std::vector<Layer>& layers) {
  const Needs needs(graph, layers);
  const MemoryPlan plan = plan_memory(needs.needs());
  MOTE_CHECK(check_plan(needs.needs(), plan));
  return needs.layout(plan);
}

}  // namespace mote::compile
