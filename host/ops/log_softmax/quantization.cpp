// SPDX-License-Identifier: Apache-2.0
#include "ops/quantization.h"

namespace mote::ops::log_softmax {

extern const Quantization kQuantization = {.result = Quantization::Result::kFixed, .fixed = {1.0f / 16, 127}};

}  // namespace mote::ops::log_softmax
