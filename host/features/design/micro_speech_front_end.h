// SPDX-License-Identifier: Apache-2.0
#pragma once
// The blocks of micro_speech's audio front end with their tables, for tests.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "features/design/fft16.h"
#include "features/design/mel_amplitude.h"
#include "mote/dsp/log_scale.h"
#include "mote/dsp/mel_amplitude.h"
#include "mote/dsp/noise_reduction.h"
#include "mote/dsp/pcan.h"

namespace mote::features {

/// 40 features of each frame of 480 samples at 16 kHz, as micro_speech's audio preprocessor has them.
class MicroSpeechFrontEnd {
 public:
  explicit MicroSpeechFrontEnd(FrontEnd front_end = FrontEnd::kSignalLibrary)
      : window_(hann_window_q12(480, front_end)),
        bank_(*mel_bank({.front_end = front_end})),
        gains_(*pcan_gains({})) {
    noise_.restart(state_.data());
  }

  std::vector<std::int16_t> features(const std::int16_t* frame) {
    std::vector<std::uint32_t> values(80);
    mel_.push(frame, values.data(), nullptr, scratch_.data());
    noise_.push(values.data(), values.data(), state_.data(), nullptr);
    pcan_.push(values.data(), values.data(), nullptr, nullptr);
    std::vector<std::int16_t> out(40);
    log_.push(values.data(), out.data(), nullptr, nullptr);
    return out;
  }

  std::vector<std::int8_t> quantized(const std::int16_t* frame) {
    std::vector<std::int8_t> out;
    for (const std::int32_t feature : features(frame))
      out.push_back(static_cast<std::int8_t>(std::clamp((feature * 256 + 333) / 666 - 128, -128, 127)));
    return out;
  }

 private:
  std::vector<std::int16_t> window_, twiddles_ = fft16_twiddles(512);
  MelBank bank_;
  PcanGains gains_;
  std::uint32_t even_ = *noise_weight(0.025, 14), odd_ = *noise_weight(0.06, 14);
  dsp::MelAmplitude mel_ = {480,
                            512,
                            40,
                            bank_.first_bin,
                            window_.data(),
                            twiddles_.data(),
                            bank_.widths.data(),
                            bank_.weights.data(),
                            bank_.unweights.data()};
  dsp::NoiseReduction noise_ = {
      40, true, {even_, 16384 - even_, odd_, 16384 - odd_, *noise_weight(0.05, 14), 10, 14, false}};
  dsp::Pcan pcan_ = {40, gains_.ratio_shift, gains_.gains.data()};
  dsp::LogScale log_ = {40, 64, amplitude_correction_bits(512)};
  std::vector<std::uint64_t> state_ = std::vector<std::uint64_t>(20),
                             scratch_ = std::vector<std::uint64_t>(128);
};

}  // namespace mote::features
