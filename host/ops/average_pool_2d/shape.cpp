// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include "ops/pool_2d.h"

namespace mote::ops::average_pool_2d {

extern const Shape kShape = {infer_pool_2d};

}  // namespace mote::ops::average_pool_2d
