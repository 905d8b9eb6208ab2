// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/error.h"
#include "graph/graph.h"

namespace mote::ops {

/// Inputs of a node after the first that can be trained: weights and bias.
inline constexpr std::size_t kMaxParameters = 2;

/// The buffers of one pass over a batch. Activations are [sample][the value's shape without its first
/// dimension]; no two buffers overlap; all are aligned to 64 bytes, so that sums are formed in the same order
/// wherever they lie.
struct TrainingPass {
  std::int32_t batch = 0;                                       ///< samples, 1 ... largest_batch
  const float* input = nullptr;                                 ///< [in]
  float* output = nullptr;                                      ///< forward [out], backward [in]
  std::array<const float*, kMaxParameters> parameters = {};     ///< [in] node inputs 1 ...; null if absent
  float* output_gradient = nullptr;                             ///< backward [in], may be overwritten
  float* input_gradient = nullptr;                              ///< backward [out]; null if not wanted
  std::array<float*, kMaxParameters> parameter_gradients = {};  ///< backward [out]
};

/// A node made ready for training; owns what backward() needs of forward() besides the buffers of the pass.
/// Neither function allocates memory.
class TrainableNode {
 public:
  virtual ~TrainableNode() = default;
  /// Computes pass.output from pass.input.
  virtual void forward(const TrainingPass& pass) = 0;
  /// Computes the gradients of a loss from its gradient by the output. Follows the forward() of the same
  /// batch; every gradient is overwritten, not added to.
  virtual void backward(const TrainingPass& pass) = 0;
};

/// How an operator is trained.
struct Gradient {
  /// The node made ready for batches of up to `largest_batch` samples; the graph's shapes have batch 1.
  /// Errors (kInput): a shape, type or attribute that cannot be trained.
  Result<std::unique_ptr<TrainableNode>> (*prepare)(const graph::Graph& graph, const graph::Node& node,
                                                    std::int32_t largest_batch);
};

/// The gradient aspect of an operator of ops.def, or null if it cannot be trained.
const Gradient* find_gradient(std::string_view op);

}  // namespace mote::ops
