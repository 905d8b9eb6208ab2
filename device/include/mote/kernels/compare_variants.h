// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/compare.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// `Function`: one of the comparisons in mote::kernels::functions.
template <class Function>
using CompareVariants = VariantList<Binary<Function>>;

}  // namespace kernels
}  // namespace mote
