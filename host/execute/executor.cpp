// SPDX-License-Identifier: Apache-2.0
#include "execute/executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "ops/ops.h"
#include "ops/shape.h"

namespace mote::execute {

using graph::Graph;
using graph::ValueId;

namespace {

/// All values of a graph together; a model from outside may declare more than any machine has.
constexpr std::int64_t kMaximumBytes = std::int64_t{1} << 32;

}  // namespace

Executor::Buffer Executor::make_buffer(std::size_t size) {
  // At least one block, so that data() of an empty value is an address too.
  return {std::vector<Block>(std::max<std::size_t>((size + sizeof(Block) - 1) / sizeof(Block), 1)), size};
}

Result<Executor> Executor::create(const Graph& graph, const LowerOptions& options) {
  MOTE_CHECK(ops::check(graph));
  std::int64_t bytes = 0;
  for (const graph::Value& value : graph.values) bytes += value.byte_count();
  if (bytes > kMaximumBytes)
    return fail(ErrorKind::kInput, fmt::format("the model's values need {} bytes, at most {} are supported",
                                               bytes, kMaximumBytes));
  Executor executor;
  executor.inputs_ = graph.inputs;
  executor.outputs_ = graph.outputs;
  for (const graph::Value& value : graph.values) {
    executor.values_.push_back(make_buffer(static_cast<std::size_t>(value.byte_count())));
    std::ranges::copy(value.data, executor.values_.back().data());
  }
  for (std::size_t id = 0; id < graph.values.size(); ++id)
    if (graph.values[id].is_state)
      executor.states_.emplace_back(static_cast<ValueId>(id), graph::initial_byte(graph.values[id]));
  MOTE_TRY(std::vector<ops::Layer> layers, ops::lower(graph, options));
  std::int32_t scratch_bytes = 0;
  for (ops::Layer& layer : layers) {
    scratch_bytes = std::max(scratch_bytes, layer.scratch_bytes);
    Step step{std::move(layer), {}};
    for (const ops::Operand& operand : step.layer.operands)
      step.operands.push_back(executor.values_[static_cast<std::size_t>(operand.value)].data());
    executor.steps_.push_back(std::move(step));
  }
  executor.scratch_ = make_buffer(static_cast<std::size_t>(scratch_bytes));
  executor.reset();
  return executor;
}

void Executor::reset() {
  for (const auto& [id, initial] : states_) {
    Buffer& state = values_[static_cast<std::size_t>(id)];
    std::fill_n(state.data(), state.size, initial);
  }
}

void Executor::execute() {
  for (const Step& step : steps_) step.layer.run(step.operands, scratch_.data());
}

Result<void> Executor::run(std::span<const std::span<const std::uint8_t>> inputs) {
  if (inputs.size() != inputs_.size())
    return fail(ErrorKind::kInternal,
                fmt::format("{} inputs given, the model has {}", inputs.size(), inputs_.size()));
  for (std::size_t index = 0; index < inputs.size(); ++index) {
    Buffer& buffer = values_[static_cast<std::size_t>(inputs_[index])];
    if (inputs[index].size() != buffer.size)
      return fail(ErrorKind::kInternal, fmt::format("input {} has {} bytes, the model expects {}", index,
                                                    inputs[index].size(), buffer.size));
    std::ranges::copy(inputs[index], buffer.data());
  }
  execute();
  return {};
}

Result<void> Executor::run_bytes(std::span<const std::uint8_t> inputs) {
  std::vector<std::span<const std::uint8_t>> parts;
  std::size_t at = 0;
  for (const ValueId id : inputs_) {
    const std::size_t bytes = values_[static_cast<std::size_t>(id)].size;
    if (at + bytes <= inputs.size()) parts.push_back(inputs.subspan(at, bytes));
    at += bytes;
  }
  if (at != inputs.size())
    return fail(ErrorKind::kInternal, fmt::format("{} bytes given, the model expects {}", inputs.size(), at));
  return run(parts);
}

std::span<const std::uint8_t> Executor::output(std::size_t index) const {
  return value(outputs_.at(index));
}

std::span<const std::uint8_t> Executor::value(ValueId id) const {
  return values_.at(static_cast<std::size_t>(id)).view();
}

Result<std::vector<std::uint8_t>> Executor::run_batch(std::span<const std::uint8_t> inputs) {
  if (inputs_.size() != 1 || outputs_.size() != 1)
    return fail(ErrorKind::kInternal,
                fmt::format("the model has {} inputs and {} outputs, expected one of each", inputs_.size(),
                            outputs_.size()));
  Buffer& in = values_[static_cast<std::size_t>(inputs_[0])];
  if (in.size == 0 || inputs.size() % in.size != 0)
    return fail(ErrorKind::kInternal,
                fmt::format("{} bytes given, expected a multiple of {}", inputs.size(), in.size));
  const std::span<const std::uint8_t> out = output(0);
  std::vector<std::uint8_t> results;
  results.reserve(inputs.size() / in.size * out.size());
  for (; !inputs.empty(); inputs = inputs.subspan(in.size)) {
    std::memcpy(in.data(), inputs.data(), in.size);
    execute();
    results.insert(results.end(), out.begin(), out.end());
  }
  return results;
}

std::vector<std::string> Executor::variants() const {
  std::vector<std::string> names;
  for (const Step& step : steps_) names.push_back(step.layer.variant);
  return names;
}

Result<std::vector<std::vector<std::uint8_t>>> run(const Graph& graph,
                                                   const std::vector<std::vector<std::uint8_t>>& inputs,
                                                   const LowerOptions& options) {
  MOTE_TRY(Executor executor, Executor::create(graph, options));
  const std::vector<std::span<const std::uint8_t>> views(inputs.begin(), inputs.end());
  MOTE_CHECK(executor.run(views));
  std::vector<std::vector<std::uint8_t>> outputs;
  for (std::size_t index = 0; index < graph.outputs.size(); ++index) {
    const std::span<const std::uint8_t> bytes = executor.output(index);
    outputs.emplace_back(bytes.begin(), bytes.end());
  }
  return outputs;
}

}  // namespace mote::execute
