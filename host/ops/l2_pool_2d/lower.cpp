// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/l2_pool_2d_variants.h"
#include "ops/pool_2d_lower.h"

namespace mote::ops::l2_pool_2d {

extern const Lower kLower = {lower_float_pool_2d<kernels::L2Pool2dFloatVariants>};

}  // namespace mote::ops::l2_pool_2d
