// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/blocked/conv_2d.h"
#include "mote/kernels/conv_2d.h"
#include "mote/kernels/cortex_m_dsp/conv_2d.h"
#include "mote/kernels/cortex_m_dsp/conv_2d_small.h"
#include "mote/kernels/cortex_m_mve/conv_2d.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

namespace detail {
template <class T, class Bias>
struct Conv2dVariantsOf {
  using List = VariantList<Conv2dPlain<T, Bias>, Conv2dReference<T, Bias>>;
};
template <>
struct Conv2dVariantsOf<int8_t, int32_t> {
  using List = VariantList<Conv2dMve, Conv2dDspSmall, Conv2dDsp, Conv2dBlocked<2>, Conv2dBlocked<4>,
                           Conv2dPlain<int8_t, int32_t>, Conv2dReference<int8_t, int32_t>>;
};
}  // namespace detail

/// <int8_t, int32_t>, <int16_t, int64_t> or <int16_t, int32_t>.
template <class T, class Bias>
using Conv2dVariants = typename detail::Conv2dVariantsOf<T, Bias>::List;

/// float, or int8_t for a hybrid layer.
template <class Weight>
using Conv2dFloatVariants = VariantList<Conv2dFloatPlain<Weight>, Conv2dFloatReference<Weight>>;

}  // namespace kernels
}  // namespace mote
