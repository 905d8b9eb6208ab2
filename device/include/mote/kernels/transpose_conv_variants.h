// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/transpose_conv.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// <int8_t, int32_t> or <int16_t, int64_t>.
template <class T, class Bias>
using TransposeConvVariants = VariantList<TransposeConvReference<T, Bias>>;

/// float, or int8_t for a hybrid layer.
template <class Weight>
using TransposeConvFloatVariants = VariantList<TransposeConvFloat<Weight>>;

}  // namespace kernels
}  // namespace mote
