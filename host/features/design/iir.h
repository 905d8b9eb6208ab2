// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "core/error.h"
#include "mote/dsp/iir.h"

namespace mote::features {

/// A Butterworth filter as the device runs it.
struct IirDesign {
  dsp::IirBand band = dsp::IirBand::kLowPass;
  std::vector<std::int32_t> table;  ///< [section][-damping, coupling, direct, mix], Q31 (dsp::Iir::table)
  std::int8_t fraction_bits = 1;
  std::int8_t mix_shift = 0;
  /// Greatest difference, in counts, of an output from that of the same filter in 64-bit floating point with
  /// exact coefficients, for any input (both saturated).
  double error_counts = 0;
  /// Samples until the answer to an impulse has fallen below 2^-20 of the whole for good.
  std::int64_t settling_samples = 0;

  std::int32_t sections() const { return static_cast<std::int32_t>(table.size()) / dsp::Iir::kPerSection; }
  /// The block; it points into this design's table.
  dsp::Iir block(std::int32_t channels) const {
    return {channels, sections(), band, fraction_bits, mix_shift, table.data()};
  }
};

/// One section in real numbers: the analogue s^2 + k g s + g^2 under s = (z - 1) / (z + 1), or s + g.
struct IirSection {
  double g = 0;    ///< tan(pi * frequency / rate)
  double k = 0;    ///< 1 / Q; not used if first_order
  double mix = 0;  ///< factor of the band-pass value in the output
  bool first_order = false;
};

inline constexpr int kMaxIirOrder = 8;
/// Designs with a greater error_counts are refused.
inline constexpr double kMaxIirErrorCounts = 4.0;

/// Sections by the bilinear transform, edges at -3 dB exactly where asked for. Only +, -, *, / and square
/// roots: the same bits on every machine.
///
/// `order`: poles of a low-pass or high-pass, pole pairs of a band-pass, 1 ... 8; `edge_hz` for the first
/// two. Errors (kInput), each naming the parameter, what was found and what was expected: an order outside 1
/// ... 8, a rate that is not positive, an edge not between 0 and half the rate, a band that is empty.
Result<std::vector<IirSection>> low_pass_sections(int order, double edge_hz, double rate_hz);
Result<std::vector<IirSection>> high_pass_sections(int order, double edge_hz, double rate_hz);
Result<std::vector<IirSection>> band_pass_sections(int order, double low_hz, double high_hz, double rate_hz);

/// The same as the device's table. Errors (kInput): as above; an edge so low, or a band so narrow, that the
/// error would exceed kMaxIirErrorCounts or an impulse ring for more than 2^20 samples.
Result<IirDesign> design_low_pass(int order, double edge_hz, double rate_hz);
Result<IirDesign> design_high_pass(int order, double edge_hz, double rate_hz);
Result<IirDesign> design_band_pass(int order, double low_hz, double high_hz, double rate_hz);

}  // namespace mote::features
