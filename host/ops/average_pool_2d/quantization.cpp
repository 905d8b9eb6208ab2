// SPDX-License-Identifier: Apache-2.0
#include "ops/quantization.h"

namespace mote::ops::average_pool_2d {

extern const Quantization kQuantization = {.result = Quantization::Result::kLikeInput};

}  // namespace mote::ops::average_pool_2d
