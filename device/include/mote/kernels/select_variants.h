// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/select.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

template <class T>
using SelectVariants = VariantList<Select<T>>;

}  // namespace kernels
}  // namespace mote
