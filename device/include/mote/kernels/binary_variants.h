// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/binary.h"
#include "mote/kernels/binary_quantized.h"
#include "mote/kernels/cortex_m_dsp/add.h"
#include "mote/kernels/cortex_m_mve/add.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

namespace detail {
template <class Function>
struct BinaryVariantsOf {
  using List = VariantList<Binary<Function>>;
};
template <>
struct BinaryVariantsOf<functions::AddQuantized<int8_t>> {
  using List = VariantList<AddMve, AddDsp, Binary<functions::AddQuantized<int8_t>>>;
};
}  // namespace detail

/// `Function`: one of mote::kernels::functions.
template <class Function>
using BinaryVariants = typename detail::BinaryVariantsOf<Function>::List;

}  // namespace kernels
}  // namespace mote
