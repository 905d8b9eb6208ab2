// SPDX-License-Identifier: Apache-2.0
#include "ops/quantization.h"

namespace mote::ops::softmax {

extern const Quantization kQuantization = {.result = Quantization::Result::kFixed,
                                           .fixed = {1.0f / 256, -128}};

}  // namespace mote::ops::softmax
