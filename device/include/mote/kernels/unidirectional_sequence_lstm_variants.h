// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/unidirectional_sequence_lstm.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Of activations `T`: int8_t with biases of int32_t, int16_t with int64_t.
template <class T, class Bias>
using LstmVariants = VariantList<LstmReference<T, Bias>>;
using LstmFloatVariants = VariantList<LstmFloat>;

}  // namespace kernels
}  // namespace mote
