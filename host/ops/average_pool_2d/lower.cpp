// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/average_pool_2d_variants.h"
#include "ops/pool_2d_lower.h"

namespace mote::ops::average_pool_2d {

extern const Lower kLower = {
    lower_pool_2d<kernels::AveragePool2dVariants, kernels::AveragePool2dFloatVariants>};

}  // namespace mote::ops::average_pool_2d
