// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that names every variant of these operators, best first.

#include "mote/kernels/signal.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

using SignalWindowVariants = VariantList<SignalWindow>;
using SignalFftAutoScaleVariants = VariantList<SignalFftAutoScale>;
using SignalRfftVariants = VariantList<SignalRfft>;
using SignalEnergyVariants = VariantList<SignalEnergy>;
using SignalFilterBankVariants = VariantList<SignalFilterBank>;
using SignalSquareRootVariants = VariantList<SignalSquareRoot>;
using SignalSpectralSubtractionVariants = VariantList<SignalSpectralSubtraction>;
using SignalPcanVariants = VariantList<SignalPcan>;
using SignalLogVariants = VariantList<SignalLog>;

}  // namespace kernels
}  // namespace mote
