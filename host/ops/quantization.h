// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string_view>

#include "ops/kernel.h"

namespace mote::ops {

/// The aspect "quantization": how an operator's values become int8 (TensorFlow Lite's quantisation
/// specification).
struct Quantization {
  /// Where scale and zero point of the result come from.
  enum class Result : std::uint8_t {
    kRange,      ///< from the range of values seen in calibration
    kLikeInput,  ///< those of input 0
    kFixed,      ///< `fixed`, whatever the values
  };
  /// Scales of the weights, input 1; the bias, input 2, has input scale * weight scale.
  enum class Weights : std::uint8_t { kNone, kOneScale, kScalePerChannel };

  Result result = Result::kRange;
  TensorScale fixed = {};
  Weights weights = Weights::kNone;
};

/// The operator's aspect, or null if it cannot be quantised.
const Quantization* find_quantization(std::string_view op);

}  // namespace mote::ops
