// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/strided_copy.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

template <class T>
using StridedCopyVariants = VariantList<StridedCopy<T>>;

}  // namespace kernels
}  // namespace mote
