// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of this operator, best first.

#include "mote/kernels/broadcast_args.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

template <class T>
using BroadcastArgsVariants = VariantList<BroadcastArgs<T>>;

}  // namespace kernels
}  // namespace mote
