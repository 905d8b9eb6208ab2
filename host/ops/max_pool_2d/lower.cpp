// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/max_pool_2d_variants.h"
#include "ops/pool_2d_lower.h"

namespace mote::ops::max_pool_2d {

extern const Lower kLower = {lower_pool_2d<kernels::MaxPool2dVariants, kernels::MaxPool2dFloatVariants>};

}  // namespace mote::ops::max_pool_2d
