// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/add_n.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

template <class... Operand>
using AddNFloatVariants = VariantList<AddNFloat<Operand...>>;
template <class... Operand>
using AddNInt8Variants = VariantList<AddNInt8<Operand...>>;

}  // namespace kernels
}  // namespace mote
