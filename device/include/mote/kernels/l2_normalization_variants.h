// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/l2_normalization.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

using L2NormalizationVariants = VariantList<L2NormalizationReference>;
using L2NormalizationFloatVariants = VariantList<L2NormalizationFloat>;

}  // namespace kernels
}  // namespace mote
