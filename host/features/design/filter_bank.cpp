// SPDX-License-Identifier: Apache-2.0
#include "features/design/filter_bank.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/portable_math.h"

namespace mote::features {
namespace {

constexpr double kSlaneyBreakHz = 1000.0, kSlaneyBreakMel = 15.0;
constexpr double kSlaneyStep = 0.06875177742094912;  // ln(6.4) / 27

double to_mel(double hz, MelScale scale) {
  if (scale == MelScale::kHtk) return 1127.0 * portable_log(1.0 + hz / 700.0);
  return hz < kSlaneyBreakHz ? hz * 3.0 / 200.0
                             : kSlaneyBreakMel + portable_log(hz / kSlaneyBreakHz) / kSlaneyStep;
}

double to_hz(double mel, MelScale scale) {
  if (scale == MelScale::kHtk) return 700.0 * (portable_exp(mel / 1127.0) - 1.0);
  return mel < kSlaneyBreakMel ? mel * 200.0 / 3.0
                               : kSlaneyBreakHz * portable_exp((mel - kSlaneyBreakMel) * kSlaneyStep);
}

Result<void> check(const MelDesign& design) {
  const auto wrong = [](std::string what) {
    return fail(ErrorKind::kInput, std::move(what), "mel filter bank", "correct the filter bank's settings");
  };
  if (!(design.sample_rate_hz > 0))
    return wrong(fmt::format("sample rate is {} Hz, expected a positive one", design.sample_rate_hz));
  if (design.bands < 1 || design.bands > 1024)
    return wrong(fmt::format("{} bands, expected 1 to 1024", design.bands));
  if (design.fft_size < 2 || design.first_bin < 0 || design.bins < 1 ||
      design.first_bin + design.bins > design.fft_size / 2 + 1)
    return wrong(fmt::format("bins {} to {} of a transform of size {}, expected some of 0 to {}",
                             design.first_bin, design.first_bin + design.bins - 1, design.fft_size,
                             design.fft_size / 2));
  const double bin_hz = design.sample_rate_hz / design.fft_size;
  if (!(design.low_hz >= 0) || !(design.low_hz < design.high_hz) ||
      !(design.high_hz <= design.sample_rate_hz / 2))
    return wrong(fmt::format("frequencies {} to {} Hz, expected ascending ones from 0 to {} Hz",
                             design.low_hz, design.high_hz, design.sample_rate_hz / 2));
  if (design.low_hz <= (design.first_bin - 1) * bin_hz ||
      design.high_hz > (design.first_bin + design.bins) * bin_hz)
    return wrong(fmt::format("frequencies {} to {} Hz, the spectrum has those from {} to {} Hz only",
                             design.low_hz, design.high_hz, design.first_bin * bin_hz,
                             (design.first_bin + design.bins - 1) * bin_hz));
  return {};
}

/// Each band's 2 / width relative to the largest of them, with 16 fraction bits.
void add_gains(const std::vector<double>& corners_hz, MelFilters& filters) {
  std::vector<double> gains;
  for (std::size_t band = 0; band + 2 < corners_hz.size(); ++band)
    gains.push_back(2.0 / (corners_hz[band + 2] - corners_hz[band]));
  filters.unit = std::ranges::max(gains);
  filters.gain_shift = 16;
  for (const double gain : gains)
    filters.gains.push_back(
        static_cast<std::uint16_t>(std::min(gain / filters.unit * 65536.0 + 0.5, 65535.0)));
}

}  // namespace

Result<MelFilters> mel_filters(const MelDesign& design) {
  MOTE_CHECK(check(design));
  const double bin_hz = design.sample_rate_hz / design.fft_size;
  const double low = to_mel(design.low_hz, design.scale), high = to_mel(design.high_hz, design.scale);
  std::vector<double> corners, corners_hz;
  for (std::int32_t corner = 0; corner < design.bands + 2; ++corner) {
    const double mel = low + (high - low) * corner / (design.bands + 1);
    const bool end = corner == 0 || corner == design.bands + 1;  // exactly as asked for
    corners_hz.push_back(!end ? to_hz(mel, design.scale) : (corner == 0 ? design.low_hz : design.high_hz));
    corners.push_back(design.slope == MelSlope::kMel ? mel : corners_hz.back());
  }
  MelFilters filters;
  std::int32_t bin = 0;
  const auto position = [&](std::int32_t of_bin) {
    const double hz = (design.first_bin + of_bin) * bin_hz;
    return design.slope == MelSlope::kMel ? to_mel(hz, design.scale) : hz;
  };
  while (bin < design.bins && position(bin) < corners[0]) ++bin;
  filters.edges.push_back(static_cast<std::int16_t>(bin));
  for (std::size_t corner = 0; corner + 1 < corners.size(); ++corner) {
    for (; bin < design.bins && position(bin) < corners[corner + 1]; ++bin) {
      const double weight = (position(bin) - corners[corner]) / (corners[corner + 1] - corners[corner]);
      filters.weights.push_back(static_cast<std::uint16_t>(weight * 32768.0 + 0.5));
    }
    filters.edges.push_back(static_cast<std::int16_t>(bin));
  }
  for (std::size_t band = 0; band + 2 < corners.size(); ++band)
    if (filters.edges[band] == filters.edges[band + 2])
      return fail(
          ErrorKind::kInput,
          fmt::format("band {} reaches from {:.1f} to {:.1f} Hz, but bins are {:.1f} Hz apart: none falls "
                      "into it",
                      band, corners_hz[band], corners_hz[band + 2], bin_hz),
          "mel filter bank", "choose fewer bands, a longer transform or a higher lowest frequency");
  if (design.equal_area) add_gains(corners_hz, filters);
  return filters;
}

Result<std::vector<std::int16_t>> band_limits(std::span<const Band> bands, double sample_rate_hz,
                                              std::int32_t fft_size, std::int32_t first_bin,
                                              std::int32_t bins) {
  std::vector<std::int16_t> limits;
  const double bin_hz = sample_rate_hz / fft_size;
  for (const Band& band : bands) {
    std::int32_t first = 0, end = bins;
    while (first < bins && (first_bin + first) * bin_hz < band.low_hz) ++first;
    while (end > first && (first_bin + end - 1) * bin_hz > band.high_hz) --end;
    if (!(band.low_hz <= band.high_hz) || first >= end)
      return fail(
          ErrorKind::kInput,
          fmt::format(
              "a band reaches from {} to {} Hz: no bin lies in it; bins lie {:.3f} Hz apart from {:.3f} "
              "to {:.3f} Hz",
              band.low_hz, band.high_hz, bin_hz, first_bin * bin_hz, (first_bin + bins - 1) * bin_hz),
          "band energies", "widen the band, or choose a longer transform");
    limits.push_back(static_cast<std::int16_t>(first));
    limits.push_back(static_cast<std::int16_t>(end));
  }
  return limits;
}

}  // namespace mote::features
