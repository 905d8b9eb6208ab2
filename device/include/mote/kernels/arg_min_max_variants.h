// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/arg_min_max.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

template <class T, bool kLargest, class Position>
using ArgMinMaxVariants = VariantList<ArgMinMax<T, kLargest, Position>>;

}  // namespace kernels
}  // namespace mote
