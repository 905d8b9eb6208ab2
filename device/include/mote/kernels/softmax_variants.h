// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/softmax.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

using SoftmaxVariants = VariantList<SoftmaxReference>;
using SoftmaxFloatVariants = VariantList<SoftmaxFloat>;

}  // namespace kernels
}  // namespace mote
