// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

#include "core/error.h"
#include "core/random.h"
#include "graph/graph.h"

namespace mote::train {

/// What a network is built for.
struct NetworkShape {
  std::int32_t window_samples = 0;
  std::int32_t axes = 0;
  std::int32_t classes = 0;
};

/// An untrained float network from "window" [1, 1, window_samples, axes] to "probabilities" [1, classes].
///
/// "dense": fully connected 32 and 16 with relu, then the classes. "conv": two 1-D convolutions with relu, a
/// max pooling between them, the average over time, then the classes. Weights are drawn from `rng`, uniform
/// with the variance of He et al. 2015 before a relu and of Glorot and Bengio 2010 before the softmax; biases
/// are 0. Errors (kUsage): another architecture.
Result<graph::Graph> build_network(const std::string& architecture, const NetworkShape& shape, Rng rng);

}  // namespace mote::train
