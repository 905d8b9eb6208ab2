// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/l2_pool_2d.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

using L2Pool2dFloatVariants = VariantList<L2Pool2dFloat>;

}  // namespace kernels
}  // namespace mote
