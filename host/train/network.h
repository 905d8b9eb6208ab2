// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/error.h"
#include "graph/graph.h"
#include "ops/aligned_floats.h"
#include "ops/gradient.h"

namespace mote::train {

/// A float graph laid out for training: all parameters in one block, all activations of a batch in another.
/// Nothing is allocated after prepare().
class Network {
 public:
  /// `graph` [in]: a chain from one input to one output whose last node is a softmax. Errors (kInput): it is
  /// not such a chain; an operator cannot be trained.
  static Result<Network> prepare(const graph::Graph& graph, std::int32_t largest_batch);

  std::int64_t input_size() const { return sizes_.front(); }  ///< floats a sample
  std::int32_t classes() const { return static_cast<std::int32_t>(sizes_.back()); }
  std::int32_t largest_batch() const { return largest_batch_; }

  float* input() { return activations_[0].data(); }              ///< [sample][input_size]
  float* probabilities() { return activations_.back().data(); }  ///< [sample][class]
  ops::AlignedFloats& parameters() { return parameters_; }       ///< every trained value, padded with zeros
  const ops::AlignedFloats& gradients() const { return gradients_; }  ///< of parameters(), same layout
  /// 1 where a parameter is a weight, 0 where it is a bias or padding; same layout.
  const ops::AlignedFloats& decay_mask() const { return decay_mask_; }

  /// Everything up to the logits, for the first `batch` samples of input().
  void forward(std::int32_t batch);
  /// After forward(): the sum of the weighted losses; fills probabilities().
  double loss(std::span<const std::int32_t> labels, std::span<const float> class_weights);
  /// After forward(): as loss(), and the gradients of the mean weighted loss of the batch into gradients().
  double loss_and_gradients(std::span<const std::int32_t> labels, std::span<const float> class_weights);
  /// After forward(): fills probabilities() for `batch` samples.
  void softmax(std::int32_t batch);

  /// Writes the parameters into the constants of the graph that was prepared, or a copy of it.
  void store(graph::Graph& graph) const;

 private:
  struct Parameter {
    graph::ValueId value = graph::kNone;
    std::int64_t offset = 0;
    std::int64_t count = 0;
  };

  Result<void> add_node(const graph::Graph& graph, const graph::Node& node);
  void add_parameter(const graph::Graph& graph, graph::ValueId id);
  void allocate(const graph::Graph& graph);
  ops::TrainingPass pass(std::size_t node, std::int32_t batch);
  double cross_entropy(std::span<const std::int32_t> labels, std::span<const float> class_weights,
                       float* logits_gradient);

  std::int32_t largest_batch_ = 0;
  float beta_ = 1;                                          ///< of the softmax
  std::vector<std::unique_ptr<ops::TrainableNode>> nodes_;  ///< all but the softmax
  std::vector<std::vector<Parameter>> node_parameters_;     ///< [node]
  std::int64_t parameter_floats_ = 0;
  std::vector<std::int64_t> sizes_;              ///< floats a sample: input, then each node's output
  std::vector<ops::AlignedFloats> activations_;  ///< likewise, for the largest batch; last: probabilities
  std::vector<ops::AlignedFloats> activation_gradients_;
  ops::AlignedFloats parameters_, gradients_, decay_mask_;
};

}  // namespace mote::train
