// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/batch_matmul.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// <int8_t, int32_t> or <int16_t, int64_t>.
template <class T, class Sum>
using BatchMatmulVariants = VariantList<BatchMatmulReference<T, Sum>>;
using BatchMatmulFloatVariants = VariantList<BatchMatmulFloat>;

}  // namespace kernels
}  // namespace mote
