// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/quantize.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

template <class From>
using DequantizeVariants = VariantList<Dequantize<From>>;

}  // namespace kernels
}  // namespace mote
