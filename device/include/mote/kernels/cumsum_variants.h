// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of these operators, best first.

#include "mote/kernels/cumsum.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

using CumsumFloatVariants = VariantList<CumsumFloat>;
using CumsumInt8Variants = VariantList<CumsumInt8>;

}  // namespace kernels
}  // namespace mote
