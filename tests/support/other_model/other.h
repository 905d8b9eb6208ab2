// SPDX-License-Identifier: Apache-2.0
#pragma once

// A second hand-written model for the samples of linear_model: other normalisation, classes and memory. Its
// input lies where the first model's output does, and a run leaves nothing of its memory as it was.

#include <stdint.h>

#include "mote/core/text.h"
#include "mote/dsp/normalize.h"
#include "mote/dsp/samples.h"
#include "mote/kernels/quantize.h"
#include "mote/runtime/contract.h"

namespace mote_models {
namespace other {

struct Model {
  using Contract =
      mote::runtime::SensorContract<100000,
                                    mote::runtime::SensorGroup<mote::runtime::SensorKind::kAccelerometer, 3,
                                                               mote::runtime::Unit::kG, 4000>>;
  static constexpr int32_t kWindowSamples = 20;
  static constexpr int32_t kHopSamples = 10;
  static constexpr int32_t kAxes = 3;
  using Features = mote::dsp::Samples;
  static constexpr int32_t kWindowRows = kWindowSamples;
  static constexpr int32_t kHopRows = kHopSamples;
  static constexpr int32_t kColumns = kAxes;
  static constexpr int32_t kClasses = 2;
  static constexpr int32_t kBackgroundClass = -1;
  static constexpr int32_t kInputBytes = 60;
  static constexpr int32_t kOutputBytes = 2;
  static constexpr int32_t kMemoryBytes = 128;
  static constexpr int32_t kConstantBytes = 60;
  static constexpr uint8_t kThresholdQ8 = 150;
  static constexpr uint32_t kWeightsCrc32 = UINT32_C(0x8F8B1887);

  static mote::Flash<char> name() { return MOTE_TEXT("other"); }
  static mote::Flash<char> version() { return MOTE_TEXT("0.1.0"); }
  static mote::Flash<char> date() { return MOTE_TEXT("2026-02-03"); }
  static mote::Flash<char> content_hash() {
    return MOTE_TEXT("fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210");
  }
  static mote::Flash<char> label(int32_t index) {
    return index == 0 ? MOTE_TEXT("left") : MOTE_TEXT("right");
  }
  static mote::dsp::AxisNormalization normalization(int32_t axis) {
    return axis == 0 ? mote::dsp::AxisNormalization{4100, 0, 12}
                     : mote::dsp::AxisNormalization{-3900, INT32_C(240000), 12};
  }
  static mote::kernels::RequantizeShape input_quantization() {
    return {60, 0, 5, 1717986918, -6, -128, 127, mote::Rounding::kDouble};
  }
  static int8_t* input(uint8_t* memory) { return reinterpret_cast<int8_t*>(memory) + 60; }
  static const int8_t* output(const uint8_t* memory) { return reinterpret_cast<const int8_t*>(memory); }
  static void run(uint8_t* memory);
  static uint32_t weights_crc32();
};

}  // namespace other
}  // namespace mote_models
