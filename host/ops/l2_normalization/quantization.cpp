// SPDX-License-Identifier: Apache-2.0
#include "ops/quantization.h"

namespace mote::ops::l2_normalization {

extern const Quantization kQuantization = {.result = Quantization::Result::kFixed, .fixed = {1.0f / 128, 0}};

}  // namespace mote::ops::l2_normalization
