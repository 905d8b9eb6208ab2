// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of these operators, best first.

#include "mote/kernels/resize.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

template <class T>
using ResizeNearestVariants = VariantList<ResizeNearest<T>>;
template <class T>
using ResizeBilinearIntegerVariants = VariantList<ResizeBilinearInteger<T>>;
using ResizeBilinearFloatVariants = VariantList<ResizeBilinearFloat>;

}  // namespace kernels
}  // namespace mote
