// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/dynamic_update_slice.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

template <class T, class Index>
using DynamicUpdateSliceVariants = VariantList<DynamicUpdateSlice<T, Index>>;

}  // namespace kernels
}  // namespace mote
