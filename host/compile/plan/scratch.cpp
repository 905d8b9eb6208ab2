// SPDX-License-Identifier: Apache-2.0
#include "compile/plan/scratch.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace mote::compile {
namespace {

/// What one layer takes at most; a choice, not a measurement.
constexpr std::int32_t kMostScratchBytes = 4096;

struct Lifetime {
  std::size_t first = 0;
  std::size_t last = 0;
  bool is_used = false;

  void include(std::size_t step) {
    first = is_used ? std::min(first, step) : step;
    last = is_used ? std::max(last, step) : step;
    is_used = true;
  }
};

/// From which layer to which each value is needed.
std::vector<Lifetime> lifetimes(const graph::Graph& graph, const std::vector<Layer>& layers) {
  std::vector<Lifetime> result(graph.values.size());
  const auto of = [&](graph::ValueId id) -> Lifetime& { return result[static_cast<std::size_t>(id)]; };
  for (const graph::ValueId id : graph.inputs) of(id).include(0);
  for (std::size_t step = 0; step < layers.size(); ++step)
    for (const ops::Operand& operand : layers[step].operands) of(operand.value).include(step);
  for (const graph::ValueId id : graph.outputs) of(id).include(layers.empty() ? 0 : layers.size() - 1);
  return result;
}

/// Bytes that values occupy while a layer runs, by layer.
std::vector<std::int32_t> occupied_bytes(const graph::Graph& graph, const LaidOut& plan) {
  const std::vector<Lifetime> lives = lifetimes(graph, plan.layers);
  std::vector<std::int32_t> result;
  for (std::size_t step = 0; step < plan.layers.size(); ++step) {
    std::vector<std::pair<std::int32_t, std::int32_t>> places;
    for (std::size_t id = 0; id < lives.size(); ++id) {
      const graph::Value& value = graph.values[id];
      const std::int32_t offset = plan.layout.value_offsets[id];
      if (offset < 0 || value.is_state || !lives[id].is_used) continue;
      if (step < lives[id].first || step > lives[id].last) continue;
      places.emplace_back(offset, offset + static_cast<std::int32_t>(value.byte_count()));
    }
    std::ranges::sort(places);
    std::int32_t bytes = 0, end = 0;
    for (const auto& [first, last] : places) {
      bytes += std::max(0, last - std::max(first, end));
      end = std::max(end, last);
    }
    result.push_back(bytes);
  }
  return result;
}

/// What the kernels of each node may have beside the values if the whole is to take `limit` bytes.
std::vector<std::int32_t> free_bytes(const graph::Graph& graph, const LaidOut& plan, std::int64_t limit) {
  const std::vector<std::int32_t> occupied = occupied_bytes(graph, plan);
  std::vector<std::int32_t> free(graph.nodes.size(), kMostScratchBytes);
  for (std::size_t step = 0; step < plan.layers.size(); ++step) {
    std::int32_t& bytes = free[plan.layers[step].node];
    bytes = static_cast<std::int32_t>(std::clamp<std::int64_t>(limit - occupied[step], 0, bytes));
  }
  return free;
}

}  // namespace

Result<LaidOut> lower_into_memory(const graph::Graph& graph, const ops::LowerOptions& options,
                                  MoreMemory more) {
  MOTE_TRY(std::vector<Layer> layers, ops::lower(graph, options));
  MOTE_TRY(LaidOut least, lay_out(graph, std::move(layers)));
  const std::int64_t limit =
      least.layout.total_bytes +
      std::max<std::int64_t>(std::int64_t{least.layout.total_bytes} * more.percent / 100, more.bytes);
  const std::vector<std::int32_t> free = free_bytes(graph, least, limit);
  for (std::int32_t quarters = 4; quarters > 0; --quarters) {
    std::vector<std::int32_t> allowances = free;
    for (std::int32_t& bytes : allowances) bytes = bytes / 4 * quarters;
    MOTE_TRY(layers, ops::lower(graph, options, allowances));
    MOTE_TRY(LaidOut plan, lay_out(graph, std::move(layers)));
    if (plan.layout.total_bytes <= limit) return plan;
  }
  return least;
}

}  // namespace mote::compile
