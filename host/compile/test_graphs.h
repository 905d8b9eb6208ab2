// SPDX-License-Identifier: Apache-2.0
#pragma once
// Quantised graphs for the tests of this stage, built in memory.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/random.h"
#include "graph/graph.h"
#include "ops/attributes.h"

namespace mote::compile {

/// Adds layers with random constants to a graph of one input. Output scales are such that the results of a
/// layer spread over the whole int8 range and some saturate.
class GraphBuilder {
 public:
  GraphBuilder(std::uint64_t seed, std::string name, std::vector<std::int32_t> input_shape);

  /// Without `activation` it is random, and so is the zero point of the result.
  void fully_connected(std::int32_t out_features, bool per_channel,
                       std::optional<ops::Activation> activation = std::nullopt);
  void conv_2d(std::int32_t out_channels, std::int32_t kernel_height, std::int32_t kernel_width,
               std::int32_t stride, std::int32_t dilation);
  /// `op`: "max_pool_2d" or "average_pool_2d".
  void pool_2d(const std::string& op, std::int32_t window_height, std::int32_t window_width,
               std::int32_t stride);
  void quantize();
  void softmax();

  const std::vector<std::int32_t>& shape() const { return graph_.value(last_).shape; }
  Rng& rng() { return rng_; }
  graph::Graph finish() const;

 private:
  /// Appends the node; its output's shape is by the operator's own rule.
  void append(std::string op, std::map<std::string, graph::Attribute> attributes,
              std::vector<graph::ValueId> constants, graph::Quantization output);
  std::vector<graph::ValueId> add_weights(std::vector<std::int32_t> shape, bool per_channel);
  graph::Quantization sums_quantization(graph::ValueId weights);
  graph::Attribute random_activation();
  graph::Attribute random_padding(bool valid_possible);
  std::int64_t random_int8() { return static_cast<std::int64_t>(rng_.below(256)) - 128; }

  Rng rng_;
  graph::Graph graph_;
  graph::ValueId last_;
};

/// A network of one to four random layers, of every operator that can be compiled.
graph::Graph random_graph(std::uint64_t seed, const std::string& name);

/// The gesture network 300-32-16-3 with softmax, with a contract: 3 axes, window 100, hop 20, punch, flex,
/// idle.
graph::Graph gesture_graph(const std::string& name = "gesture");

/// `count` random inputs for `graph`, one after the other.
std::vector<std::uint8_t> random_inputs(const graph::Graph& graph, std::size_t count, std::uint64_t seed);

}  // namespace mote::compile
