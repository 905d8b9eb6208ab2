// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/conv_2d.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

using Conv2dVariants = VariantList<Conv2dReference>;
using Conv2dFloatVariants = VariantList<Conv2dFloat>;

}  // namespace kernels
}  // namespace mote
