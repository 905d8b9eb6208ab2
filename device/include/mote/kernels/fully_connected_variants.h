// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/cortex_m_dsp/fully_connected.h"
#include "mote/kernels/fully_connected.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

using FullyConnectedVariants = VariantList<FullyConnectedDsp, FullyConnectedPlain, FullyConnectedReference>;
using FullyConnectedFloatVariants = VariantList<FullyConnectedFloat>;

}  // namespace kernels
}  // namespace mote
