// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/average_pool_2d.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// int8_t or int16_t.
template <class T>
using AveragePool2dVariants = VariantList<AveragePool2dReference<T>>;
using AveragePool2dFloatVariants = VariantList<AveragePool2dFloat>;

}  // namespace kernels
}  // namespace mote
