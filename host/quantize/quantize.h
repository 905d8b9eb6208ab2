// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "graph/graph.h"
#include "ops/kernel.h"

namespace mote::quantize {

/// What calibration saw of one activation, and the scale it got.
struct CalibratedTensor {
  std::string name;
  float minimum = 0;
  float maximum = 0;
  ops::TensorScale scale;
};

/// An int8 model and what it was made from.
struct Quantized {
  graph::Graph graph;
  std::int64_t calibration_windows = 0;
  std::vector<CalibratedTensor> tensors;  ///< input and results, in execution order
};

/// Post-training quantisation to int8.
///
/// `float_graph` [in]: one float32 input, operators with the aspect "quantization". `windows` [in]: float
/// inputs one after the other; every activation's range is the smallest and largest value that they give,
/// widened to hold 0. Weights become symmetric in -127 ... 127, biases int32 of scale input * weights; the
/// result computes what the float graph does up to rounding, and is checked to run. Names, attributes and
/// metadata stay. Errors (kInput): no window, their size does not fit, an operator or type that cannot be
/// quantised, an activation or constant that is not finite (the training diverged).
Result<Quantized> quantize(const graph::Graph& float_graph, std::span<const float> windows);

/// Facts of the stage, quantize.json.
Json to_json(const Quantized& quantized);

/// Scale and zero point of int8 for a range, which is widened to hold 0; a range of nothing gets 1.
ops::TensorScale scale_of_range(float minimum, float maximum);

}  // namespace mote::quantize
