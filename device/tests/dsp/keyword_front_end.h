// SPDX-License-Identifier: Apache-2.0
#pragma once

// The input of MLPerf Tiny's keyword model from a clip of a second, made of the blocks of mote/dsp: what its
// training script computes with TensorFlow (mlcommons/tiny,
// benchmark/training/keyword_spotting/get_dataset.py and make_bin_files.py). Used by tests and measurements
// on the host and on emulated cores.

#include <stdint.h>

#include "mote/dsp/dct.h"
#include "mote/dsp/filter_bank.h"
#include "mote/dsp/log.h"
#include "mote/dsp/power_spectrum.h"

namespace mote {
namespace test {

struct KeywordFrontEnd {
  static constexpr int32_t kClip = 16000;
  static constexpr int32_t kFrames = 49;
  static constexpr int32_t kLength = 480;
  static constexpr int32_t kStep = 320;
  static constexpr int32_t kFftSize = 512;
  static constexpr int32_t kFirstBin = 1;
  static constexpr int32_t kBins = 127;  ///< up to 3969 Hz; the mel bands end at 4000 Hz
  static constexpr int32_t kBands = 40;
  static constexpr int32_t kCoefficients = 10;
  static constexpr int32_t kCepstrumFractionBits = 7;
  static constexpr int32_t kScratchWords = kFftSize + 2;

  dsp::PowerSpectrum spectrum;
  dsp::FilterBank mel;
  dsp::Log log;
  dsp::Dct dct;

  /// q = value * multiplier / 2^16 + zero point, rounded toward zero as the script's conversion to int8 does.
  struct Quantization {
    int32_t multiplier;  ///< 2^(16 - kCepstrumFractionBits) / scale
    int32_t zero_point;
  };

  /// The memory of a frame between the blocks.
  struct Buffers {
    alignas(8) int32_t scratch[kScratchWords];
    alignas(8) uint32_t bins[kBins];
    alignas(8) uint32_t bands[kBands];
    alignas(8) int16_t levels[kBands];
  };

  /// One frame's cepstrum, `level` the logarithm relative to the clip's peak.
  void frame(const int16_t* samples, const dsp::Log& level, int16_t* cepstrum, Buffers& buffers) const {
    spectrum.push(samples, buffers.bins, nullptr, buffers.scratch);
    mel.push(buffers.bins, buffers.bands, nullptr, nullptr);
    level.push(buffers.bands, buffers.levels, nullptr, nullptr);
    dct.push(buffers.levels, cepstrum, nullptr, nullptr);
  }

  /// The clip's values divided by the largest of them is a constant in the logarithm.
  dsp::Log relative_to_peak(const int16_t* clip) const {
    int32_t peak = 1;
    for (int32_t index = 0; index < kClip; ++index) peak = clip[index] > peak ? clip[index] : peak;
    return log.relative_to(static_cast<uint32_t>(peak));
  }

  static int8_t quantized(int16_t value, Quantization to) {
    const int32_t scaled = value * to.multiplier + to.zero_point * 65536;
    return saturate<int8_t>(scaled / 65536);
  }

  /// `features` [out]: [kFrames][kCoefficients].
  void run(const int16_t* clip, Quantization to, int8_t* features, Buffers& buffers) const {
    const dsp::Log level = relative_to_peak(clip);
    int16_t cepstrum[kCoefficients];
    for (int32_t index = 0; index < kFrames; ++index) {
      frame(clip + kStep * index, level, cepstrum, buffers);
      for (int32_t coefficient = 0; coefficient < kCoefficients; ++coefficient)
        *features++ = quantized(cepstrum[coefficient], to);
    }
  }
};

}  // namespace test
}  // namespace mote
