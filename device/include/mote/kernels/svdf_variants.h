// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/svdf.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// `State`: int8_t or int16_t.
template <class State>
using SvdfVariants = VariantList<SvdfReference<State>>;
using SvdfFloatVariants = VariantList<SvdfFloat>;

}  // namespace kernels
}  // namespace mote
