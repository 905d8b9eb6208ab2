// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/random.h"
#include "execute/layout.h"
#include "graph/graph.h"
#include "ops/lower.h"

namespace mote::execute {

/// Runs layers in one block of memory, as generated code does.
///
/// With noise, every byte that no later layer needs is overwritten before the first layer and after each:
/// which these are follows from the layers and the layout alone, byte by byte, not from the planner's own
/// idea of it. A layer that reads what it must not then gives another result.
class PlannedExecutor {
 public:
  /// `layers` [in]: in the order that `layout` was made for; `graph` [in]: the one they come from.
  PlannedExecutor(const graph::Graph& graph, std::vector<ops::Layer> layers, Layout layout);

  PlannedExecutor(PlannedExecutor&&) = default;
  PlannedExecutor& operator=(PlannedExecutor&&) = default;
  PlannedExecutor(const PlannedExecutor&) = delete;  // operands point into its memory
  PlannedExecutor& operator=(const PlannedExecutor&) = delete;

  /// Overwrites dead bytes from now on.
  void set_noise(std::uint64_t seed) { noise_ = Rng(seed); }

  /// Runs once. `inputs` [in]: the bytes of all graph inputs, one after the other; `after_layer` is called
  /// with the number of each layer that has run. Errors (kInternal): inputs of another size; a byte before or
  /// behind the memory was written.
  Result<void> run(std::span<const std::uint8_t> inputs,
                   const std::function<void(std::int32_t layer)>& after_layer = {});

  /// Bytes that are now where a value lies: its own from Layout::complete_after on, until a later layer needs
  /// the place for another.
  std::span<const std::uint8_t> value(graph::ValueId id) const;

  /// Bytes of graph output `index` after run().
  std::span<const std::uint8_t> output(std::size_t index) const { return value(outputs_.at(index)); }

  /// Sets the values that are kept between runs to their start.
  void reset();

 private:
  struct alignas(16) Block {
    std::uint8_t bytes[16];
  };
  /// Memory with a block before and behind it that nobody may write to.
  struct Guarded {
    std::vector<Block> blocks;
    std::size_t size = 0;

    explicit Guarded(std::int32_t bytes);
    std::uint8_t* data() { return blocks[1].bytes; }
    const std::uint8_t* data() const { return blocks[1].bytes; }
    bool is_intact() const;
  };
  using Ranges = std::vector<std::pair<std::int32_t, std::int32_t>>;  ///< begin and end

  void bind();
  void find_dead_bytes();
  void overwrite(const Ranges& dead);

  std::vector<ops::Layer> layers_;
  Layout layout_;
  std::vector<graph::ValueId> inputs_;
  std::vector<graph::ValueId> outputs_;
  std::vector<std::size_t> sizes_;             ///< by value
  std::vector<bool> is_state_;                 ///< by value
  std::vector<std::uint8_t> initial_;          ///< by value: the byte that a state starts as
  std::vector<std::vector<Block>> constants_;  ///< by value; empty unless constant
  Guarded memory_;
  Guarded states_;
  std::vector<std::vector<void*>> operands_;  ///< by layer
  std::vector<Ranges> dead_;                  ///< before the first layer, then after each
  std::optional<Rng> noise_;
};

}  // namespace mote::execute
