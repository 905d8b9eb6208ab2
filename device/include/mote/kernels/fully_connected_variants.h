// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/blocked/fully_connected.h"
#include "mote/kernels/cortex_m_dsp/fully_connected.h"
#include "mote/kernels/cortex_m_mve/fully_connected.h"
#include "mote/kernels/fully_connected.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

namespace detail {

template <class T, class Bias>
struct FullyConnectedList {
  using Type = VariantList<FullyConnectedPlain<T, Bias>, FullyConnectedReference<T, Bias>>;
};

template <>
struct FullyConnectedList<int8_t, int32_t> {
  using Type =
      VariantList<FullyConnectedMve, FullyConnectedDspSmall, FullyConnectedDsp, FullyConnectedBlocked,
                  FullyConnectedPlain<int8_t, int32_t>, FullyConnectedReference<int8_t, int32_t>>;
};

}  // namespace detail

/// <int8_t, int32_t>, <int16_t, int64_t> or <int16_t, int32_t>.
template <class T, class Bias>
using FullyConnectedVariants = typename detail::FullyConnectedList<T, Bias>::Type;

/// float, or int8_t for a hybrid layer.
template <class Weight>
using FullyConnectedFloatVariants =
    VariantList<FullyConnectedFloatPlain<Weight>, FullyConnectedFloatReference<Weight>>;

}  // namespace kernels
}  // namespace mote
