// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "compile/compile.h"
#include "core/error.h"
#include "graph/graph.h"
#include "verify/golden.h"

namespace mote::verify {

/// What one run of generated code gave, beside what it had to.
struct RunResult {
  bool equal = false;        ///< integers byte for byte, floats within the bound
  double largest_error = 0;  ///< of float outputs
};

/// The comparison of all runs, those with a kept state after the others.
struct Comparison {
  std::vector<RunResult> runs;
  double bound = 0;  ///< of the error of float outputs, as a share of max(1, the largest output)

  std::size_t equal() const;
  double largest_error() const;
};

/// Operators whose output has the golden check sum in every run.
struct OperatorComparison {
  std::size_t compared = 0;
  std::size_t equal = 0;
  std::string first_difference;  ///< "layer 3 (conv_2d) 'name', run 0"; empty if all are equal
};

/// How far float outputs of two programs that compute the same graph may be apart: 2^-24 for each rounding on
/// the longest way to an output, a sum of n products counting n roundings and a function its units in the
/// last place, as a share of the largest output (docs/reference/exactness.md has the argument and its
/// assumption).
double float_error_bound(const graph::Graph& graph);

/// Compares what generated code gave (`outputs`, and with a state `sequence_outputs`) with `golden`.
Comparison compare(const graph::Graph& graph, const Golden& golden, const std::vector<Bytes>& outputs,
                   const std::vector<Bytes>& sequence_outputs);

/// Runs the graph executor over the golden inputs and compares every operator's integer output with its check
/// sum. The graph is run as it is, without the compiler's passes but that sizes which follow from shapes are
/// computed before. Errors: the executor's.
Result<OperatorComparison> compare_operators(const graph::Graph& graph, const Golden& golden,
                                             const ops::LowerOptions& options);

/// The first layer of the generated code whose output differs from the executor's in one of the golden runs,
/// or "none". Builds the code once more with a trace. Errors: the executor's, the compiler's.
Result<std::string> first_differing_layer(const graph::Graph& graph, const Golden& golden,
                                          const compile::CompileOptions& options);

}  // namespace mote::verify
