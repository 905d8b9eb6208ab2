// SPDX-License-Identifier: Apache-2.0
#pragma once

// From probabilities to a decision, in integers: the same on the host and on the device.

#include <stdint.h>

namespace mote {
namespace runtime {

/// The decision when no class is likely enough.
constexpr int32_t kUncertain = 255;

/// The likeliest class of one window, and what follows from it.
struct Decision {
  int32_t class_index;  ///< 0 ... classes - 1; the first of equals
  int32_t confidence;   ///< probability in 1/256, 0 ... 255
  int32_t decision;     ///< class_index, or kUncertain if the confidence is below the threshold
};

/// `probabilities` [in]: [class], int8 with scale 1/256 and zero point -128. `classes`: 1 ... 255.
/// `threshold_q8`: in 1/256; a confidence equal to it is enough. Exact.
inline Decision decide(const int8_t* probabilities, int32_t classes, uint8_t threshold_q8) {
  int32_t best = 0;
  for (int32_t candidate = 1; candidate < classes; ++candidate)
    if (probabilities[candidate] > probabilities[best]) best = candidate;
  const int32_t confidence = probabilities[best] + 128;
  return {best, confidence, confidence >= threshold_q8 ? best : kUncertain};
}

}  // namespace runtime
}  // namespace mote
