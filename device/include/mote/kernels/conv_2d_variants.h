// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/conv_2d.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// <int8_t, int32_t>, <int16_t, int64_t> or <int16_t, int32_t>.
template <class T, class Bias>
using Conv2dVariants = VariantList<Conv2dPlain<T, Bias>, Conv2dReference<T, Bias>>;

/// float, or int8_t for a hybrid layer.
template <class Weight>
using Conv2dFloatVariants = VariantList<Conv2dFloatPlain<Weight>, Conv2dFloatReference<Weight>>;

}  // namespace kernels
}  // namespace mote
