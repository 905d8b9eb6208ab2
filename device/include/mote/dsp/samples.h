// SPDX-License-Identifier: Apache-2.0
#pragma once

// The pipeline without blocks: a row of features is a sample.

#include <stdint.h>

namespace mote {
namespace dsp {

/// What a generated model's Features are if its project names no blocks; costs nothing.
struct Samples {
  /// Forgets the samples so far: before the first, and behind a gap.
  void restart() {}

  /// Takes a sample, [axis] raw counts; returns the row that it completes, valid until the next call.
  const int16_t* push(const int16_t* counts) { return counts; }
};

}  // namespace dsp
}  // namespace mote
