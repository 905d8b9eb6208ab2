// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of these operators, best first.

#include "mote/kernels/reduce.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

template <class T, class Function>
using ReduceVariants = VariantList<Reduce<T, Function>>;
using MeanFloatVariants = VariantList<MeanFloat>;
template <class T>
using SumQuantizedVariants = VariantList<SumQuantized<T>>;

}  // namespace kernels
}  // namespace mote
