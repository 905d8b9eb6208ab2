// SPDX-License-Identifier: Apache-2.0
#include "verify/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "compile/host_program.h"
#include "compile/passes/passes.h"
#include "execute/executor.h"
#include "mote/core/crc.h"
#include "ops/lower.h"

namespace mote::verify {
namespace {

std::uint32_t crc_of(std::span<const std::uint8_t> bytes) {
  return crc32_finish(crc32_update(kCrc32Initial, bytes.data(), static_cast<std::int32_t>(bytes.size())));
}

/// Roundings that one element of a node's result goes through.
double roundings(const graph::Graph& graph, const graph::Node& node) {
  constexpr double kOfAFunction = 8;  // more than the units in the last place of any function in core/math.h
  double terms = 0;                   // products in a sum: elements of a constant for each output channel
  for (const graph::ValueId id : node.inputs) {
    if (id == graph::kNone) continue;
    const graph::Value& value = graph.value(id);
    if (value.is_constant() && value.shape.size() >= 2)
      terms = std::max(terms, static_cast<double>(value.element_count()) /
                                  std::max(1, *std::ranges::min_element(value.shape)));
  }
  const graph::Value& in = graph.value(node.inputs.at(0));
  const graph::Value& out = graph.value(node.outputs.at(0));
  const double reduced = static_cast<double>(in.element_count()) /
                         static_cast<double>(std::max<std::int64_t>(1, out.element_count()));
  return std::max(terms, reduced) + kOfAFunction;
}

RunResult compare_run(const graph::Graph& graph, const Bytes& expected, const Bytes& found, double bound) {
  RunResult result{expected.size() == found.size(), 0};
  std::size_t at = 0;
  for (const graph::ValueId id : graph.outputs) {
    const graph::Value& value = graph.value(id);
    const auto bytes = static_cast<std::size_t>(value.byte_count());
    if (!result.equal || at + bytes > found.size()) return {false, result.largest_error};
    if (value.dtype != graph::DType::kFloat32) {
      result.equal = std::equal(expected.begin() + static_cast<std::ptrdiff_t>(at),
                                expected.begin() + static_cast<std::ptrdiff_t>(at + bytes),
                                found.begin() + static_cast<std::ptrdiff_t>(at));
    } else {
      double largest = 1;
      double error = 0;
      for (std::size_t element = at; element < at + bytes; element += sizeof(float)) {
        float wanted = 0;
        float got = 0;
        std::memcpy(&wanted, expected.data() + element, sizeof wanted);
        std::memcpy(&got, found.data() + element, sizeof got);
        if (std::isfinite(wanted)) largest = std::max(largest, std::fabs(static_cast<double>(wanted)));
        const bool same = wanted == got || (std::isnan(wanted) && std::isnan(got));
        if (!same) error = std::max(error, std::fabs(static_cast<double>(wanted) - static_cast<double>(got)));
        if (std::isnan(wanted) != std::isnan(got)) result.equal = false;
      }
      result.largest_error = std::max(result.largest_error, error);
      result.equal = result.equal && error <= bound * largest;
    }
    at += bytes;
  }
  return result;
}

}  // namespace

std::size_t Comparison::equal() const {
  return static_cast<std::size_t>(std::ranges::count(runs, true, &RunResult::equal));
}

double Comparison::largest_error() const {
  double largest = 0;
  for (const RunResult& run : runs) largest = std::max(largest, run.largest_error);
  return largest;
}

double float_error_bound(const graph::Graph& graph) {
  std::map<graph::ValueId, double> until;  // roundings on the longest way to a value
  for (const graph::Node& node : graph.nodes) {
    double longest = 0;
    for (const graph::ValueId id : node.inputs)
      if (const auto found = until.find(id); found != until.end()) longest = std::max(longest, found->second);
    for (const graph::ValueId id : node.outputs) until[id] = longest + roundings(graph, node);
  }
  double most = 0;
  for (const graph::ValueId id : graph.outputs) most = std::max(most, until[id]);
  return most * 0x1p-24;
}

Comparison compare(const graph::Graph& graph, const Golden& golden, const std::vector<Bytes>& outputs,
                   const std::vector<Bytes>& sequence_outputs) {
  Comparison comparison{{}, float_error_bound(graph)};
  const auto add = [&](const std::vector<Bytes>& expected, const std::vector<Bytes>& found) {
    for (std::size_t run = 0; run < expected.size(); ++run)
      comparison.runs.push_back(
          run < found.size() ? compare_run(graph, expected[run], found[run], comparison.bound) : RunResult{});
  };
  add(golden.outputs, outputs);
  add(golden.sequence_outputs, sequence_outputs);
  return comparison;
}

Result<OperatorComparison> compare_operators(const graph::Graph& graph, const Golden& golden,
                                             const ops::LowerOptions& options) {
  if (golden.operators.empty()) return OperatorComparison{};
  // No other pass: every operator keeps its number and all of its channels. What was folded is a constant
  // now, with the bytes that the operator would write.
  MOTE_TRY(const graph::Graph runnable, compile::fold_constants(graph));
  MOTE_TRY(execute::Executor executor, execute::Executor::create(runnable, options));
  std::map<graph::ValueId, std::size_t> node_of;
  for (std::size_t node = 0; node < graph.nodes.size(); ++node)
    for (const graph::ValueId id : graph.nodes[node].outputs) node_of[id] = node;
  OperatorComparison comparison;
  std::vector<bool> differs(golden.operators.size(), false);
  for (std::size_t run = 0; run < golden.inputs.size(); ++run) {
    executor.reset();
    MOTE_CHECK(executor.run_bytes(golden.inputs[run]));
    for (std::size_t index = 0; index < golden.operators.size(); ++index) {
      const OperatorCheckSums& sums = golden.operators[index];
      if (graph.value(sums.value).dtype == graph::DType::kFloat32) continue;
      if (crc_of(executor.value(sums.value)) == sums.crc32[run]) continue;
      differs[index] = true;
      const auto node = node_of.find(sums.value);
      if (comparison.first_difference.empty() && node != node_of.end())
        comparison.first_difference =
            fmt::format("layer {} ({}) '{}', run {}", node->second, graph.nodes[node->second].op,
                        graph.value(sums.value).name, run);
    }
  }
  for (std::size_t index = 0; index < differs.size(); ++index) {
    if (graph.value(golden.operators[index].value).dtype == graph::DType::kFloat32) continue;
    ++comparison.compared;
    comparison.equal += differs[index] ? 0 : 1;
  }
  return comparison;
}

Result<std::string> first_differing_layer(const graph::Graph& graph, const Golden& golden,
                                          const compile::CompileOptions& options) {
  compile::CompileOptions traced = options;
  traced.trace = true;
  MOTE_TRY(const compile::CompiledModel model, compile::compile(graph, traced));
  MOTE_TRY(const compile::HostProgram program, compile::HostProgram::build({model}));
  MOTE_TRY(const graph::Graph reduced, compile::run_passes(graph));
  MOTE_TRY(execute::Executor executor,
           execute::Executor::create(reduced, {.reference = true, .rounding = options.rounding}));
  for (std::size_t run = 0; run < golden.inputs.size(); ++run) {
    MOTE_TRY(const auto traces, program.trace(0, golden.inputs[run]));
    executor.reset();
    MOTE_CHECK(executor.run_bytes(golden.inputs[run]));
    for (const compile::TracedValue& traced_value : traces) {
      const auto value = static_cast<graph::ValueId>(traced_value.value);
      if (reduced.value(value).dtype == graph::DType::kFloat32) continue;
      if (crc_of(executor.value(value)) != traced_value.crc32)
        return fmt::format("layer {} ({}) '{}', run {}", traced_value.layer,
                           model.layers[traced_value.layer].op, reduced.value(value).name, run);
    }
  }
  return std::string("none");
}

}  // namespace mote::verify
