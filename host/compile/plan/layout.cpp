// SPDX-License-Identifier: Apache-2.0
#include "compile/plan/layout.h"

#include <algorithm>

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
    for (std::int32_t step = 0; step < step_count(); ++step) add_overlays(step);
  }

  const MemoryNeeds& needs() const { return needs_; }

  Layout layout(const MemoryPlan& plan) const {
    const auto offsets = [&](const std::vector<std::int32_t>& buffers) {
      std::vector<std::int32_t> result;
      for (const std::int32_t index : buffers)
        result.push_back(index == kNowhere ? kNowhere : plan.offsets[static_cast<std::size_t>(index)]);
      return result;
    };
    Layout layout{offsets(buffer_of_value_), offsets(buffer_of_scratch_), plan.total_bytes, 0};
    place_states(layout);
    return layout;
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
    for (const ops::Operand& operand : layer(step).operands) {
      if (operand.access == ops::Access::kState) continue;
      if (operand.access == ops::Access::kWrite && buffer_index(operand.value) == kNowhere)
        add_value(operand.value, step);
      if (buffer_index(operand.value) != kNowhere) buffer(operand.value).last = step;
    }
    if (layer(step).scratch_bytes > 0)
      buffer_of_scratch_[static_cast<std::size_t>(step)] = add_buffer(layer(step).scratch_bytes, step, step);
  }
  /// What the first written operand of a layer may lie over.
  void add_overlays(std::int32_t step) {
    const std::vector<ops::Operand>& operands = layer(step).operands;
    const auto written = std::ranges::find(operands, ops::Access::kWrite, &ops::Operand::access);
    if (written == operands.end() || buffer(written->value).first != step) return;
    for (const ops::Operand& operand : operands) {
      const bool possible = operand.access == ops::Access::kRead && operand.ahead_bytes >= 0 &&
                            buffer_index(operand.value) != kNowhere && buffer(operand.value).last == step;
      if (!possible || std::ranges::count(operands, operand.value, &ops::Operand::value) != 1) continue;
      needs_.overlays.push_back(
          {buffer_index(written->value), buffer_index(operand.value), operand.ahead_bytes});
    }
  }
  void place_states(Layout& layout) const {
    for (std::size_t id = 0; id < graph_.values.size(); ++id) {
      if (!graph_.values[id].is_state) continue;
      layout.value_offsets[id] = layout.state_bytes;
      layout.state_bytes += static_cast<std::int32_t>((graph_.values[id].byte_count() + 7) / 8 * 8);
    }
  }

  const graph::Graph& graph_;
  const std::vector<Layer>& layers_;
  MemoryNeeds needs_;
  std::vector<std::int32_t> buffer_of_value_;
  std::vector<std::int32_t> buffer_of_scratch_;
};

}  // namespace

Result<Layout> lay_out(const graph::Graph& graph, const std::vector<Layer>& layers) {
  const Needs needs(graph, layers);
  const MemoryPlan plan = plan_memory(needs.needs());
  MOTE_CHECK(check_plan(needs.needs(), plan));
  return needs.layout(plan);
}

}  // namespace mote::compile
