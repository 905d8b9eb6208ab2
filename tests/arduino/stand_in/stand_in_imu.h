// SPDX-License-Identifier: Apache-2.0
#pragma once

// A motion sensor that plays counts as an Arduino library delivers them: as floats in g and degrees per
// second.

#include <stdint.h>

struct ImuScale {
  float rate_hz;
  float counts_per_g;
  float counts_per_dps;
};

class StandInImu {
 public:
  explicit StandInImu(const ImuScale& scale) : scale_(scale) {}
  int begin();
  int accelerationAvailable() { return available(); }
  int gyroscopeAvailable() { return available(); }
  float accelerationSampleRate() { return scale_.rate_hz; }
  float gyroscopeSampleRate() { return scale_.rate_hz; }
  int readAcceleration(float& x, float& y, float& z) { return read(scale_.counts_per_g, 0, x, y, z); }
  /// The same recording from its second axis on, so that the two quantities differ.
  int readGyroscope(float& x, float& y, float& z) { return read(scale_.counts_per_dps, 1, x, y, z); }

 private:
  int available();
  int read(float counts_per_unit, int32_t first_axis, float& x, float& y, float& z);
  ImuScale scale_;
};
extern StandInImu IMU;
