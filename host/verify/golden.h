// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.h"
#include "graph/graph.h"
#include "mote/core/fixed_point.h"

namespace mote::verify {

using Bytes = std::vector<std::uint8_t>;

/// What one operator of the model wrote in each run.
struct OperatorCheckSums {
  graph::ValueId value = graph::kNone;
  std::vector<std::uint32_t> crc32;  ///< one for each run
};

/// Inputs of a model and what it must make of them.
struct Golden {
  std::vector<Bytes> inputs;                 ///< of each run: all inputs of the model, one after the other
  std::vector<Bytes> outputs;                ///< of each run, likewise; a state begins anew for each
  std::vector<Bytes> sequence_outputs;       ///< of the same runs when the state is kept; empty without state
  std::vector<OperatorCheckSums> operators;  ///< in order of execution; may be empty
};

/// Reads a folder of golden.json, in_<k>.bin, out_<k>.bin and, for models with state, seq_out_<k>.bin.
///
/// golden.json has "n", the number of runs; "stateful"; and optionally "op_outputs": [operator, tensor,
/// bytes, [CRC-32 for each run]]. Errors (kInput): a file is missing or not as long as the model's inputs or
/// outputs.
Result<Golden> read_golden(const std::filesystem::path& folder, const graph::Graph& graph);

/// Runs `runs` seeded random inputs through the graph executor's reference kernels. Errors: the executor's.
Result<Golden> make_golden(const graph::Graph& graph, std::size_t runs, Rounding rounding);

/// Runs these inputs through the graph executor's reference kernels. Errors: the executor's.
Result<Golden> make_golden(const graph::Graph& graph, std::vector<Bytes> inputs, Rounding rounding);

/// Bytes of all inputs or outputs of one run.
std::size_t byte_count(const graph::Graph& graph, const std::vector<graph::ValueId>& ends);

}  // namespace mote::verify
