// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/cortex_m_dsp/depthwise_conv_1d.h"
#include "mote/kernels/cortex_m_mve/depthwise_conv_2d.h"
#include "mote/kernels/depthwise_conv_2d.h"
#include "mote/kernels/depthwise_conv_2d_planes.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

namespace detail {
template <class T, class Bias>
struct DepthwiseConv2dVariantsOf {
  using List = VariantList<DepthwiseConv2dStrip<T, Bias>, DepthwiseConv2dPlain<T, Bias>,
                           DepthwiseConv2dReference<T, Bias>>;
};
template <>
struct DepthwiseConv2dVariantsOf<int8_t, int32_t> {
  using List = VariantList<DepthwiseConv2dMve, DepthwiseConv2dPlanesSmall, DepthwiseConv2dPlanes,
                           DepthwiseConv1dDsp, DepthwiseConv2dStrip<int8_t, int32_t>,
                           DepthwiseConv2dPlain<int8_t, int32_t>, DepthwiseConv2dReference<int8_t, int32_t>>;
};
}  // namespace detail

/// <int8_t, int32_t>, <int16_t, int64_t> or <int16_t, int32_t>.
template <class T, class Bias>
using DepthwiseConv2dVariants = typename detail::DepthwiseConv2dVariantsOf<T, Bias>::List;

/// float, or int8_t for a hybrid layer.
template <class Weight>
using DepthwiseConv2dFloatVariants =
    VariantList<DepthwiseConv2dFloatPlain<Weight>, DepthwiseConv2dFloatReference<Weight>>;

}  // namespace kernels
}  // namespace mote
