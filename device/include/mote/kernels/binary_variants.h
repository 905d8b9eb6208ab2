// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/binary.h"
#include "mote/kernels/binary_quantized.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// `Function`: one of mote::kernels::functions.
template <class Function>
using BinaryVariants = VariantList<Binary<Function>>;

}  // namespace kernels
}  // namespace mote
