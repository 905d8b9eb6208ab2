// SPDX-License-Identifier: Apache-2.0
#pragma once

// A hand-written model with the traits of a generated one: a linear classifier over 20 samples of 3 axes.
// Tests build it into firmware and into themselves. SLOW_LOOPS makes each inference wait that many turns of
// an empty loop, EAT_STACK_BYTES takes stack, RESTART_IN_RUN resets a Cortex-M in that run (from 0),
// HANG_IN_RUN hangs with interrupts off in that run, on AVR and RP2040, and not again after a reset.

#include <stdint.h>

#include "mote/core/text.h"
#include "mote/dsp/normalize.h"
#include "mote/dsp/samples.h"
#include "mote/kernels/quantize.h"
#include "mote/runtime/contract.h"

#ifndef LINEAR_CONTRACT
#define LINEAR_CONTRACT                                                                                  \
  mote::runtime::SensorContract<100000,                                                                  \
                                mote::runtime::SensorGroup<mote::runtime::SensorKind::kAccelerometer, 3, \
                                                           mote::runtime::Unit::kG, 4000>>
#endif

namespace mote_models {
namespace linear {

struct Model {
  using Contract = LINEAR_CONTRACT;
  static constexpr int32_t kWindowSamples = 20;
  static constexpr int32_t kHopSamples = 5;
  static constexpr int32_t kAxes = 3;
  using Features = mote::dsp::Samples;
  static constexpr int32_t kWindowRows = kWindowSamples;
  static constexpr int32_t kHopRows = kHopSamples;
  static constexpr int32_t kColumns = kAxes;
  static constexpr int32_t kClasses = 3;
  static constexpr int32_t kBackgroundClass = 2;
  static constexpr int32_t kInputBytes = 60;
  static constexpr int32_t kOutputBytes = 3;
  static constexpr int32_t kMemoryBytes = 64;
  static constexpr int32_t kConstantBytes = 180;
  static constexpr uint8_t kThresholdQ8 = 180;
  static constexpr uint32_t kWeightsCrc32 = UINT32_C(0x3EE8BE18);

  static mote::Flash<char> name() { return MOTE_TEXT("linear"); }
  static mote::Flash<char> version() { return MOTE_TEXT("1.2.3"); }
  static mote::Flash<char> date() { return MOTE_TEXT("2026-01-02"); }
  static mote::Flash<char> content_hash() {
    return MOTE_TEXT("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
  }
  static mote::Flash<char> label(int32_t index) {
    return index == 0 ? MOTE_TEXT("punch") : index == 1 ? MOTE_TEXT("flex") : MOTE_TEXT("idle");
  }
  static mote::dsp::AxisNormalization normalization(int32_t axis) {
    return axis == 2 ? mote::dsp::AxisNormalization{5003, -5003 * INT32_C(8192), 12}
                     : mote::dsp::AxisNormalization{-4801, INT32_C(480100), 12};
  }
  static mote::kernels::RequantizeShape input_quantization() {
    return {60, 0, -3, 1717986918, -6, -128, 127, mote::Rounding::kDouble};
  }
  static int8_t* input(uint8_t* memory) { return reinterpret_cast<int8_t*>(memory); }
  static const int8_t* output(const uint8_t* memory) { return reinterpret_cast<const int8_t*>(memory) + 60; }
  static void run(uint8_t* memory);
  static uint32_t weights_crc32();
};

}  // namespace linear
}  // namespace mote_models
