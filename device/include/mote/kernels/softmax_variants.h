// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/softmax.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// `Out`: int8_t or int16_t.
template <class Out>
using SoftmaxVariants = VariantList<SoftmaxReference<Out>>;
using SoftmaxInt16Variants = VariantList<SoftmaxInt16Reference>;
using SoftmaxFloatVariants = VariantList<SoftmaxFloat>;

}  // namespace kernels
}  // namespace mote
