// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of these operators, best first.

#include "mote/kernels/pad.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

template <class T>
using PadVariants = VariantList<Pad<T>>;
template <class T, int32_t kEdge>
using MirrorPadVariants = VariantList<MirrorPad<T, kEdge>>;

}  // namespace kernels
}  // namespace mote
