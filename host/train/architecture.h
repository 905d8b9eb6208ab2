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
  std::int32_t rows = 0;     ///< of a window: samples, or rows of features
  std::int32_t columns = 0;  ///< of a row: axes, or features
  std::int32_t classes = 0;
};

/// An untrained float network from "window" [1, 1, rows, columns] to "probabilities" [1, classes].
///
/// "dense": fully connected 32 and 16 with relu, then the classes. "conv": two 1-D convolutions with relu, a
/// max pooling between them, the average over the rows, then the classes. Weights are drawn from `rng`,
/// uniform with the variance of He et al. 2015 before a relu and of Glorot and Bengio 2010 before the
/// softmax; biases are 0. Errors (kUsage): another architecture.
Result<graph::Graph> build_network(const std::string& architecture, const NetworkShape& shape, Rng rng);

}  // namespace mote::train
