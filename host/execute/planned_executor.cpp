// SPDX-License-Identifier: Apache-2.0
#include "execute/planned_executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>

namespace mote::execute {

using graph::ValueId;

namespace {

constexpr std::uint8_t kGuard = 0xA5;

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

}  // namespace

PlannedExecutor::Guarded::Guarded(std::int32_t bytes)
    : blocks((at(bytes) + sizeof(Block) - 1) / sizeof(Block) + 2), size(at(bytes)) {
  std::memset(blocks.data(), kGuard, blocks.size() * sizeof(Block));
}

bool PlannedExecutor::Guarded::is_intact() const {
  const auto* all = reinterpret_cast<const std::uint8_t*>(blocks.data());
  const auto is_guard = [](std::uint8_t byte) { return byte == kGuard; };
  return std::all_of(all, data(), is_guard) &&
         std::all_of(data() + size, all + blocks.size() * sizeof(Block), is_guard);
}

PlannedExecutor::PlannedExecutor(const graph::Graph& graph, std::vector<ops::Layer> layers, Layout layout)
    : layers_(std::move(layers)),
      layout_(std::move(layout)),
      inputs_(graph.inputs),
      outputs_(graph.outputs),
      memory_(layout_.total_bytes),
      states_(layout_.state_bytes) {
  for (const graph::Value& value : graph.values) {
    sizes_.push_back(static_cast<std::size_t>(value.byte_count()));
    is_state_.push_back(value.is_state);
    initial_.push_back(value.is_state ? graph::initial_byte(value) : std::uint8_t{0});
    constants_.emplace_back((value.data.size() + sizeof(Block) - 1) / sizeof(Block));
    if (value.is_constant()) std::memcpy(constants_.back().data(), value.data.data(), value.data.size());
  }
  bind();
  find_dead_bytes();
  reset();
}

void PlannedExecutor::bind() {
  for (const ops::Layer& layer : layers_) {
    std::vector<void*> pointers;
    for (const ops::Operand& operand : layer.operands) {
      const std::size_t id = at(operand.value);
      std::uint8_t* block = is_state_[id] ? states_.data() : memory_.data();
      pointers.push_back(constants_[id].empty() ? block + layout_.value_offsets[id]
                                                : constants_[id][0].bytes);
    }
    operands_.push_back(std::move(pointers));
  }
}

/// Backwards: a byte is needed before a layer if the layer reads it, or if it is needed after the layer and
/// the layer does not write it.
void PlannedExecutor::find_dead_bytes() {
  std::vector<bool> needed(memory_.size, false);
  const auto mark = [&](ValueId id, std::int64_t first, std::int64_t count, bool is_needed) {
    if (is_state_[at(id)] || !constants_[at(id)].empty()) return;
    const auto begin = needed.begin() + layout_.value_offsets[at(id)] + static_cast<std::ptrdiff_t>(first);
    std::fill(begin, begin + static_cast<std::ptrdiff_t>(count), is_needed);
  };
  const auto whole = [&](ValueId id) { return static_cast<std::int64_t>(sizes_[at(id)]); };
  const auto dead_now = [&] {
    Ranges dead;
    for (auto begin = needed.begin(); begin != needed.end();) {
      begin = std::find(begin, needed.end(), false);
      const auto end = std::find(begin, needed.end(), true);
      if (begin != end) dead.emplace_back(begin - needed.begin(), end - needed.begin());
      begin = end;
    }
    return dead;
  };

  // The first layer that writes to a value begins it; later ones may leave bytes of it as they are.
  std::vector<std::set<ValueId>> begins(layers_.size());
  std::set<ValueId> begun;
  for (std::size_t index = 0; index < layers_.size(); ++index)
    for (const ops::Operand& operand : layers_[index].operands)
      if (operand.access == ops::Access::kWrite && begun.insert(operand.value).second)
        begins[index].insert(operand.value);

  for (const ValueId output : outputs_) mark(output, 0, whole(output), true);
  dead_.assign(layers_.size() + 1, {});
  for (std::size_t index = layers_.size(); index-- > 0;) {
    dead_[index + 1] = dead_now();
    const ops::Layer& layer = layers_[index];
    for (const ops::Operand& operand : layer.operands) {
      if (operand.access != ops::Access::kWrite) continue;
      if (layer.copy)
        mark(operand.value, layer.copy->to_byte, layer.copy->bytes, false);
      else if (begins[index].contains(operand.value))
        mark(operand.value, 0, whole(operand.value), false);
    }
    for (const ops::Operand& operand : layer.operands)
      if (operand.access == ops::Access::kRead) mark(operand.value, 0, whole(operand.value), true);
  }
  dead_[0] = dead_now();
}

void PlannedExecutor::overwrite(const Ranges& dead) {
  for (const auto& [begin, end] : dead)
    for (std::int32_t byte = begin; byte < end; ++byte)
      memory_.data()[byte] = static_cast<std::uint8_t>(noise_->bits());
}

Result<void> PlannedExecutor::run(std::span<const std::uint8_t> inputs,
                                  const std::function<void(std::int32_t layer)>& after_layer) {
  std::size_t expected = 0;
  for (const ValueId id : inputs_) expected += sizes_[at(id)];
  if (inputs.size() != expected)
    return fail(ErrorKind::kInternal,
                fmt::format("{} bytes given, the model expects {}", inputs.size(), expected));
  for (const ValueId id : inputs_) {
    std::ranges::copy(inputs.first(sizes_[at(id)]), memory_.data() + layout_.value_offsets[at(id)]);
    inputs = inputs.subspan(sizes_[at(id)]);
  }
  if (noise_) overwrite(dead_[0]);
  for (std::size_t index = 0; index < layers_.size(); ++index) {
    const std::int32_t scratch = layout_.scratch_offsets[index];
    layers_[index].run(operands_[index], scratch < 0 ? nullptr : memory_.data() + scratch);
    if (after_layer) after_layer(static_cast<std::int32_t>(index));
    if (noise_) overwrite(dead_[index + 1]);
  }
  if (!memory_.is_intact() || !states_.is_intact())
    return fail(ErrorKind::kInternal, "a layer wrote beyond the model's memory");
  return {};
}

std::span<const std::uint8_t> PlannedExecutor::value(ValueId id) const {
  const std::size_t index = at(id);
  if (!constants_.at(index).empty()) return {constants_[index][0].bytes, sizes_[index]};
  return {(is_state_[index] ? states_ : memory_).data() + layout_.value_offsets[index], sizes_[index]};
}

void PlannedExecutor::reset() {
  for (std::size_t id = 0; id < sizes_.size(); ++id)
    if (is_state_[id]) std::fill_n(states_.data() + layout_.value_offsets[id], sizes_[id], initial_[id]);
}

}  // namespace mote::execute
