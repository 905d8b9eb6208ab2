// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/quantize.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// `In`: int8_t or int16_t.
template <class In>
using QuantizeVariants = VariantList<QuantizeReference<In>>;
using QuantizeFloatVariants = VariantList<QuantizeFloat>;

}  // namespace kernels
}  // namespace mote
