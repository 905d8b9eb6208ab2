// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/cast.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

template <class From, class To>
using CastVariants = VariantList<Cast<From, To>>;
template <class To>
using CastFromBoolVariants = VariantList<CastFromBool<To>>;

}  // namespace kernels
}  // namespace mote
