// SPDX-License-Identifier: Apache-2.0
#include "ops/quantization.h"

namespace mote::ops::fully_connected {

// One scale: the specification and runtimes before TensorFlow Lite 2.13 know no other for this operator.
extern const Quantization kQuantization = {.weights = Quantization::Weights::kOneScale};

}  // namespace mote::ops::fully_connected
