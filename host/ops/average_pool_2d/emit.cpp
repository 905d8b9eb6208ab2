// SPDX-License-Identifier: Apache-2.0
#include "ops/emit.h"

#include "mote/kernels/average_pool_2d_variants.h"
#include "ops/pool_2d_emit.h"

namespace mote::ops::average_pool_2d {

extern const Emit kEmit = {emit_pool_2d<kernels::AveragePool2dVariants>};

}  // namespace mote::ops::average_pool_2d
