// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/average_pool_2d.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

namespace detail {

template <class T>
struct AveragePool2dList {
  using Type = VariantList<AveragePool2dReference<T>>;
};

template <>
struct AveragePool2dList<int8_t> {
  using Type = VariantList<AveragePool2dLanes, AveragePool2dReference<int8_t>>;
};

}  // namespace detail

/// int8_t or int16_t.
template <class T>
using AveragePool2dVariants = typename detail::AveragePool2dList<T>::Type;
using AveragePool2dFloatVariants = VariantList<AveragePool2dFloat>;

}  // namespace kernels
}  // namespace mote
