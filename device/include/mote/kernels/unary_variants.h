// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/lookup.h"
#include "mote/kernels/quantize.h"
#include "mote/kernels/unary.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// `Function`: one of mote::kernels::functions.
template <class Function>
using UnaryVariants = VariantList<Elementwise<Function>>;

/// Of int8, whatever the function.
using LookupVariants = VariantList<Lookup>;

/// LOGISTIC and TANH of int16.
template <class Function>
using SigmoidInt16Variants = VariantList<SigmoidInt16<Function>>;

}  // namespace kernels
}  // namespace mote
