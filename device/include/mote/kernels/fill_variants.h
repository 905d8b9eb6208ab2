// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/fill.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

template <class T>
using FillVariants = VariantList<Fill<T>>;

}  // namespace kernels
}  // namespace mote
