// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/error.h"
#include "graph/graph.h"
#include "ops/lower.h"

namespace mote::execute {

using ops::LowerOptions;

/// A graph ready to run on the host with the device's kernels: weights packed, variants chosen, every value's
/// bytes allocated. Keeps nothing of the graph it was made from. One executor serves one thread.
class Executor {
 public:
  /// Errors (kInput): the graph fails ops::check(), or an operator cannot be executed; the message names it.
  static Result<Executor> create(const graph::Graph& graph, const LowerOptions& options = {});

  Executor(Executor&&) = default;
  Executor& operator=(Executor&&) = default;
  Executor(const Executor&) = delete;  // steps point into its buffers
  Executor& operator=(const Executor&) = delete;

  /// Runs once. `inputs` [in]: the bytes of each graph input. Errors (kInternal): number or size differ from
  /// the graph's.
  Result<void> run(std::span<const std::span<const std::uint8_t>> inputs);

  /// As run(), with the bytes of all inputs one after the other.
  Result<void> run_bytes(std::span<const std::uint8_t> inputs);

  /// Bytes of graph output `index` after run(); valid until the next run.
  std::span<const std::uint8_t> output(std::size_t index) const;

  /// Bytes of any value after run(), constants included; for calibration and comparison layer by layer.
  std::span<const std::uint8_t> value(graph::ValueId id) const;

  /// Runs a graph of one input and one output over many inputs that lie one after the other, and returns
  /// their outputs likewise. Errors (kInternal): the graph has more, or the size is no multiple of the
  /// input's.
  Result<std::vector<std::uint8_t>> run_batch(std::span<const std::uint8_t> inputs);

  /// Sets the values that are kept between runs to their start.
  void reset();

  /// Name of the kernel variant of each layer.
  std::vector<std::string> variants() const;

 private:
  struct Step {
    ops::Layer layer;
    std::vector<void*> operands;  ///< point into values_, whose buffers never move
  };

  /// 16 bytes, so that every buffer is aligned for every kernel.
  struct alignas(16) Block {
    std::uint8_t bytes[16];
  };
  struct Buffer {
    std::vector<Block> blocks;
    std::size_t size = 0;
    std::uint8_t* data() { return blocks.data()->bytes; }
    std::span<const std::uint8_t> view() const { return {blocks.data()->bytes, size}; }
  };

  Executor() = default;
  static Buffer make_buffer(std::size_t size);
  void execute();

  std::vector<Buffer> values_;
  std::vector<Step> steps_;
  std::vector<graph::ValueId> inputs_;
  std::vector<graph::ValueId> outputs_;
  std::vector<std::pair<graph::ValueId, std::uint8_t>> states_;  ///< with the byte they start as
  Buffer scratch_;
};

/// Runs a graph once: create() and run(). `inputs` [in]: the bytes of each graph input; returns those of each
/// output.
Result<std::vector<std::vector<std::uint8_t>>> run(const graph::Graph& graph,
                                                   const std::vector<std::vector<std::uint8_t>>& inputs,
                                                   const LowerOptions& options = {});

}  // namespace mote::execute
