// SPDX-License-Identifier: Apache-2.0
#pragma once

// The latest samples as one model takes them.

#include <stdint.h>

#include "mote/core/crc.h"
#include "mote/dsp/normalize.h"
#include "mote/dsp/samples.h"
#include "mote/dsp/window.h"
#include "mote/kernels/quantize.h"

namespace mote {
namespace runtime {

/// Makes rows of features from samples for `Model`, normalises and quantises them, and keeps a window of
/// them. Costs Model::kInputBytes, 8 bytes, and what Model::Features holds.
///
/// kHopRows: between two complete windows, 1 ... Model::kWindowRows.
template <class Model, int32_t kHopRows>
class ModelWindow {
 public:
  /// Forgets everything: the next window starts with the next sample. To be called before the first one.
  void restart() {
    features_.restart();
    rows_.restart();
  }

  /// Takes one sample, `counts` [in] [axis]; returns whether it completes a window.
  bool add(const int16_t* counts) {
    const int16_t* const row = features_.push(counts);
    if (row == nullptr) return false;
    kernels::RequantizeShape shape = Model::input_quantization();
    shape.count = 1;
    for (int32_t column = 0; column < Model::kColumns; ++column) {
      const int16_t feature = dsp::normalize(row[column], Model::normalization(column));
      kernels::Requantize<int16_t, int8_t>::run(shape, &feature, rows_.next() + column, nullptr);
    }
    return rows_.push();
  }

  /// Copies the window that add() has just completed to the model's input in `memory` [out]; returns the
  /// CRC-16 of it.
  uint16_t copy_to(uint8_t* memory) const {
    int8_t* const input = Model::input(memory);
    rows_.copy_to(input);
    return crc16_update(kCrc16Initial, input, Model::kInputBytes);
  }

 private:
  typename Model::Features features_;
  dsp::SlidingWindow<int8_t, Model::kWindowRows, kHopRows, Model::kColumns> rows_;
};

}  // namespace runtime
}  // namespace mote
