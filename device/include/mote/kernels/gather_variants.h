// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of these operators, best first.

#include "mote/kernels/gather.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

template <class T, class Index>
using GatherVariants = VariantList<Gather<T, Index>>;
using DequantizedGatherVariants = VariantList<DequantizedGather>;
template <class T, class Index>
using GatherNdVariants = VariantList<GatherNd<T, Index>>;

}  // namespace kernels
}  // namespace mote
