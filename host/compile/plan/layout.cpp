// SPDX-License-Identifier: Apache-2.0
#include "compile/plan/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace mote::compile {
namespace {

constexpr std::int32_t kNowhere = -1;
constexpr std::int64_t kMaximumMemoryBytes = std::int64_t{64} << 20;
constexpr std::int32_t kStateAlignmentBytes = 8;

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

/// Translates layers into steps.
class Translation {
 public:
  Translation(const graph::Graph& graph, const std::vector<Layer>& layers) : graph_(graph) {
    index_of_.assign(graph.values.size(), kNowhere);
    for (const graph::ValueId id : graph.inputs) result_.program.inputs.push_back(index_of(id));
    for (const Layer& layer : layers) add(layer);
    for (const graph::ValueId id : graph.outputs)
      if (!graph.value(id).is_constant()) result_.program.outputs.push_back(index_of(id));
  }

  GraphProgram take() { return std::move(result_); }

 private:
  std::int32_t bytes(graph::ValueId id) const {
    return static_cast<std::int32_t>(graph_.value(id).byte_count());
  }

  std::int32_t index_of(graph::ValueId id) {
    std::int32_t& index = index_of_[at(id)];
    if (index != kNowhere) return index;
    index = static_cast<std::int32_t>(result_.value_of.size());
    const auto element_bytes = static_cast<std::int32_t>(graph::size_of(graph_.value(id).dtype));
    result_.program.values.push_back({bytes(id), element_bytes});
    result_.value_of.push_back(id);
    return index;
  }

  void add(const Layer& layer) {
    Step step;
    step.scratch_bytes = layer.scratch_bytes;
    for (const ops::Operand& operand : layer.operands) {
      if (graph_.value(operand.value).is_state) {
        step.states.push_back(operand.value);
      } else if (!graph_.value(operand.value).is_constant()) {
        const std::int32_t value = index_of(operand.value);
        std::int32_t& alignment = result_.program.values[at(value)].alignment_bytes;
        alignment = std::max(alignment, layer.alignment_bytes);
        if (operand.access == ops::Access::kWrite)
          step.writes.push_back({value, 0, bytes(operand.value)});
        else
          step.reads.push_back({value, operand.ahead_bytes});
      }
    }
    // What a layer goes on with is not complete: it waits for the earlier writers anyway.
    std::erase_if(step.reads, [&](const Read& read) {
      return std::ranges::count(step.writes, read.value, &Part::value) > 0;
    });
    if (layer.copy && step.writes.size() == 1) narrow(step, *layer.copy);
    result_.program.steps.push_back(std::move(step));
  }

  /// The step writes those bytes only; it can be left out if they do not come from a constant or a state.
  static void narrow(Step& step, const ops::ContiguousCopy& copy) {
    step.writes[0].offset = static_cast<std::int32_t>(copy.to_byte);
    step.writes[0].bytes = static_cast<std::int32_t>(copy.bytes);
    if (step.reads.size() == 1 && step.states.empty())
      step.copied = {step.reads[0].value, static_cast<std::int32_t>(copy.from_byte),
                     static_cast<std::int32_t>(copy.bytes)};
  }

  const graph::Graph& graph_;
  GraphProgram result_;
  std::vector<std::int32_t> index_of_;  ///< by value of the graph
};

Result<void> check_copy(const graph::Graph& graph, const Layer& layer) {
  if (!layer.copy) return {};
  const ops::ContiguousCopy& copy = *layer.copy;
  for (const ops::Operand& operand : layer.operands) {
    const std::int64_t from = operand.access == ops::Access::kRead ? copy.from_byte : copy.to_byte;
    if (copy.bytes < 1 || from < 0 || copy.bytes > graph.value(operand.value).byte_count() - from)
      return fail(ErrorKind::kInternal, fmt::format("a layer of {} copies what is not there", layer.op));
  }
  return {};
}

/// After which of the layers that remain each value is there as a whole. Bytes that none of them reads may be
/// gone before the rest is written.
std::vector<std::int32_t> completion(const Program& program, const Schedule& schedule) {
  std::vector<std::int32_t> place(program.steps.size(), kNowhere);
  std::vector<bool> is_whole(program.values.size(), false);
  for (const std::int32_t output : program.outputs) is_whole[at(output)] = true;
  for (std::size_t index = 0; index < schedule.order.size(); ++index) {
    const Step& step = program.steps[at(schedule.order[index])];
    place[at(schedule.order[index])] = static_cast<std::int32_t>(index);
    for (const Read& read : step.reads) is_whole[at(read.value)] = true;
  }
  std::vector<std::int32_t> complete(program.values.size(), kNowhere);
  for (std::size_t step = 0; step < program.steps.size(); ++step)
    for (const Part& part : program.steps[step].writes) {
      const bool is_left_out = place[step] == kNowhere;
      const std::int32_t written =
          is_left_out ? complete[at(program.steps[step].copied->value)] : place[step];
      complete[at(part.value)] = std::max(complete[at(part.value)], written);
    }
  for (std::size_t value = 0; value < complete.size(); ++value)
    if (!is_whole[value]) complete[value] = kNowhere;
  return complete;
}

void place_states(const graph::Graph& graph, Layout& layout) {
  for (std::size_t id = 0; id < graph.values.size(); ++id) {
    if (!graph.values[id].is_state) continue;
    layout.value_offsets[id] = layout.state_bytes;
    const auto bytes = static_cast<std::int32_t>(graph.values[id].byte_count());
    layout.state_bytes += (bytes + kStateAlignmentBytes - 1) / kStateAlignmentBytes * kStateAlignmentBytes;
  }
}

Layout to_layout(const graph::Graph& graph, const GraphProgram& source, const Schedule& schedule) {
  Layout layout;
  layout.total_bytes = schedule.total_bytes;
  layout.value_offsets.assign(graph.values.size(), kNowhere);
  layout.complete_after.assign(graph.values.size(), kNowhere);
  const std::vector<std::int32_t> complete = completion(source.program, schedule);
  for (std::size_t value = 0; value < source.value_of.size(); ++value) {
    layout.value_offsets[at(source.value_of[value])] = schedule.value_offsets[value];
    layout.complete_after[at(source.value_of[value])] = complete[value];
    layout.alignment_bytes = std::max(layout.alignment_bytes, source.program.values[value].alignment_bytes);
  }
  for (const std::int32_t step : schedule.order)
    layout.scratch_offsets.push_back(schedule.scratch_offsets[at(step)]);
  place_states(graph, layout);
  return layout;
}

}  // namespace

Result<GraphProgram> to_program(const graph::Graph& graph, const std::vector<Layer>& layers) {
  std::int64_t bytes = 0;
  for (const graph::Value& value : graph.values)
    if (!value.is_constant()) bytes += value.byte_count();
  for (const Layer& layer : layers) {
    MOTE_CHECK(check_copy(graph, layer));
    bytes += layer.scratch_bytes;
  }
  if (bytes > std::numeric_limits<std::int32_t>::max())
    return fail(ErrorKind::kInput,
                fmt::format("the model's activations are {} bytes all together, at most {} are supported",
                            bytes, std::numeric_limits<std::int32_t>::max()));
  return Translation(graph, layers).take();
}

Result<LaidOut> lay_out(const graph::Graph& graph, std::vector<Layer> layers) {
  MOTE_TRY(const GraphProgram source, to_program(graph, layers));
  const Schedule schedule = plan_schedule(source.program);
  if (schedule.total_bytes > kMaximumMemoryBytes)
    return fail(ErrorKind::kInput, fmt::format("the model needs {} bytes of memory, at most {} are supported",
                                               schedule.total_bytes, kMaximumMemoryBytes));
  MOTE_CHECK(check_schedule(source.program, schedule));
  LaidOut result{{}, to_layout(graph, source, schedule)};
  for (const std::int32_t step : schedule.order) result.layers.push_back(std::move(layers[at(step)]));
  return result;
}

}  // namespace mote::compile
