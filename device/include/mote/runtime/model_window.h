// SPDX-License-Identifier: Apache-2.0
#pragma once

// The latest samples as one model takes them.

#include <stdint.h>

#include "mote/core/crc.h"
#include "mote/dsp/normalize.h"
#include "mote/dsp/window.h"
#include "mote/kernels/quantize.h"

namespace mote {
namespace runtime {

/// Normalises and quantises samples for `Model` and keeps a window of them. Costs Model::kInputBytes and 8
/// bytes.
///
/// kHopSamples: between two complete windows, 1 ... Model::kWindowSamples.
template <class Model, int32_t kHopSamples>
class ModelWindow {
 public:
  /// Forgets everything: the next window starts with the next sample.
  void restart() { samples_.restart(); }

  /// Takes one sample, `counts` [in] [axis]; returns whether it completes a window.
  bool add(const int16_t* counts) {
    int16_t features[Model::kAxes];
    for (int32_t axis = 0; axis < Model::kAxes; ++axis)
      features[axis] = dsp::normalize(counts[axis], Model::normalization(axis));
    kernels::RequantizeShape shape = Model::input_quantization();
    shape.count = Model::kAxes;
    kernels::Requantize<int16_t, int8_t>::run(shape, features, samples_.next(), nullptr);
    return samples_.push();
  }

  /// Copies the window that add() has just completed to the model's input in `memory` [out]; returns the
  /// CRC-16 of it.
  uint16_t copy_to(uint8_t* memory) const {
    int8_t* const input = Model::input(memory);
    samples_.copy_to(input);
    return crc16_update(kCrc16Initial, input, Model::kInputBytes);
  }

 private:
  dsp::SlidingWindow<int8_t, Model::kWindowSamples, kHopSamples, Model::kAxes> samples_;
};

}  // namespace runtime
}  // namespace mote
