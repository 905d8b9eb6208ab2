// SPDX-License-Identifier: Apache-2.0
#pragma once

// What signal blocks make of seeded input, as one number each: computed by the host into cases.h, and again
// on the emulated core.

#include <stdint.h>

#include "mote/core/flash.h"
#include "mote/dsp/fft16.h"
#include "mote/dsp/log_scale.h"
#include "mote/dsp/mel_amplitude.h"
#include "mote/dsp/noise_reduction.h"
#include "mote/dsp/pcan.h"

namespace dsp_checks {

using namespace mote::dsp;

constexpr int32_t kSamples = 48, kFft = 64, kShortFft = 32, kChannels = 8, kFirstBin = 2, kFrames = 24;

/// Tables that cases.h holds.
struct Tables {
  mote::Flash<int16_t> window;          ///< [kSamples]
  mote::Flash<int16_t> twiddles;        ///< of kFft
  mote::Flash<int16_t> short_twiddles;  ///< of kShortFft
  mote::Flash<int16_t> widths;          ///< [kChannels + 1], up to 3 bins each
  mote::Flash<int16_t> weights, unweights;
  mote::Flash<int16_t> gains;
};

class Checked {
 public:
  void add(uint32_t value) { sum_ = (sum_ << 5 | sum_ >> 27) * 0x9E3779B1u + value; }
  uint32_t sum() const { return sum_; }

 private:
  uint32_t sum_ = 1;
};

class Random {
 public:
  explicit Random(uint32_t seed) : state_(seed) {}
  uint32_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }
  /// A frame of samples: loud, quiet and negative, all at an end of the range, silent, in turn.
  void fill(int16_t* samples, int32_t count, int32_t frame) {
    for (int32_t index = 0; index < count; ++index) {
      const auto sample = static_cast<int16_t>(next() >> 16);
      const int32_t kind = frame % 6;
      samples[index] = kind == 1   ? static_cast<int16_t>((sample < 0 ? sample : -sample) / 1000)
                       : kind == 2 ? int16_t{INT16_MIN}
                       : kind == 3 ? (sample < 0 ? int16_t{INT16_MIN} : int16_t{INT16_MAX})
                       : kind == 4 ? int16_t{0}
                                   : sample;
    }
  }

 private:
  uint32_t state_;
};

alignas(8) static int16_t frame[kFft];
alignas(8) static int16_t spectrum[kFft + 2];
alignas(8) static uint32_t values[2 * kChannels];
alignas(8) static uint32_t state[kChannels];

inline uint32_t check_fft16(const Tables& tables) {
  Random random(1);
  Checked checked;
  for (int32_t number = 0; number < kFrames; ++number) {
    const bool is_short = number % 2 != 0;
    const int32_t length = is_short ? kShortFft : kFft;
    random.fill(frame, length - number % 5, number / 2);
    fft16(frame, length - number % 5, length, is_short ? tables.short_twiddles : tables.twiddles, spectrum);
    for (int32_t index = 0; index < length + 2; ++index) checked.add(static_cast<uint16_t>(spectrum[index]));
  }
  return checked.sum();
}

inline MelAmplitude mel_of(const Tables& tables) {
  return {kSamples,        kFft,          kChannels,      kFirstBin,       tables.window,
          tables.twiddles, tables.widths, tables.weights, tables.unweights};
}

inline uint32_t check_mel_amplitude(const Tables& tables) {
  Random random(2);
  Checked checked;
  const MelAmplitude block = mel_of(tables);
  for (int32_t number = 0; number < kFrames; ++number) {
    random.fill(frame, kSamples, number);
    block.push(frame, values, nullptr, spectrum);
    for (int32_t channel = 0; channel < kChannels; ++channel) checked.add(values[channel]);
  }
  return checked.sum();
}

inline NoiseReduction noise_block() {
  return {kChannels, true, {409, 15975, 983, 15401, 819, 10, 14, false}};
}

inline void add_values(const uint32_t* items, int32_t count, Checked& checked) {
  for (int32_t index = 0; index < count; ++index) checked.add(items[index]);
}

/// Amplitudes of up to 22 bits.
inline void fill_amplitudes(Random& random, uint32_t* amplitudes) {
  for (int32_t channel = 0; channel < kChannels; ++channel) {
    const uint32_t value = random.next() >> 10;
    amplitudes[channel] = value >> (random.next() % 22);
  }
}

inline uint32_t check_noise_reduction(const Tables&) {
  Random random(3);
  Checked checked;
  const NoiseReduction block = noise_block();
  block.restart(state);
  for (int32_t number = 0; number < kFrames; ++number) {
    fill_amplitudes(random, values);
    block.push(values, values, state, nullptr);
    add_values(values, 2 * kChannels, checked);
  }
  return checked.sum();
}

inline uint32_t check_pcan(const Tables& tables) {
  Random random(4);
  Checked checked;
  const Pcan block = {kChannels, 6, tables.gains};
  for (int32_t number = 0; number < kFrames; ++number) {
    fill_amplitudes(random, values);
    fill_amplitudes(random, values + kChannels);
    for (int32_t channel = 0; channel < kChannels; ++channel) values[kChannels + channel] <<= 10;
    block.push(values, values, nullptr, nullptr);
    add_values(values, kChannels, checked);
  }
  return checked.sum();
}

inline uint32_t check_log_scale(const Tables&) {
  Random random(5);
  Checked checked;
  const LogScale block = {kChannels, 64, 3};
  for (int32_t number = 0; number < kFrames; ++number) {
    fill_amplitudes(random, values);
    block.push(values, part_of<int16_t>(values), nullptr, nullptr);
    for (int32_t channel = 0; channel < kChannels; ++channel)
      checked.add(static_cast<uint16_t>(part_of<int16_t>(values)[channel]));
  }
  return checked.sum();
}

struct Check {
  const char* block;
  uint32_t (*run)(const Tables&);
};

static const Check kChecks[] = {{"fft16", check_fft16},
                                {"mel_amplitude", check_mel_amplitude},
                                {"noise_reduction", check_noise_reduction},
                                {"pcan", check_pcan},
                                {"log_scale", check_log_scale}};
constexpr int32_t kCheckCount = static_cast<int32_t>(sizeof(kChecks) / sizeof(kChecks[0]));

}  // namespace dsp_checks
