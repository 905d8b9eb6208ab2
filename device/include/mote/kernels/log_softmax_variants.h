// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/log_softmax.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

using LogSoftmaxVariants = VariantList<LogSoftmaxReference>;
using LogSoftmaxFloatVariants = VariantList<LogSoftmaxFloat>;

}  // namespace kernels
}  // namespace mote
