// SPDX-License-Identifier: Apache-2.0
#include "ops/emit.h"

#include "mote/kernels/max_pool_2d_variants.h"
#include "ops/pool_2d_emit.h"

namespace mote::ops::max_pool_2d {

extern const Emit kEmit = {emit_pool_2d<kernels::MaxPool2dVariants>};

}  // namespace mote::ops::max_pool_2d
