// SPDX-License-Identifier: Apache-2.0
#include "ops/quantization.h"

namespace mote::ops::conv_2d {

extern const Quantization kQuantization = {.weights = Quantization::Weights::kScalePerChannel};

}  // namespace mote::ops::conv_2d
