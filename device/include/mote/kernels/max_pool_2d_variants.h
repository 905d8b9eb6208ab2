// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/max_pool_2d.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// int8_t or int16_t.
template <class T>
using MaxPool2dVariants = VariantList<MaxPool2dReference<T>>;
using MaxPool2dFloatVariants = VariantList<MaxPool2dFloat>;

}  // namespace kernels
}  // namespace mote
