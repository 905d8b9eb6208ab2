// SPDX-License-Identifier: Apache-2.0
// Detrend is within its bound of the line of least squares in long double.
#include "mote/dsp/detrend.h"

#include <algorithm>
#include <cmath>

#include "block_test.h"

namespace mote::dsp {
namespace {

TEST(Detrend, takes_off_a_mean_or_a_line_as_worked_by_hand) {
  // Mean 2; the line through 0, 3, 3 is 0.5 + 1.5 t: -0.5 and 1 and -0.5 are left, ties go upward.
  EXPECT_EQ(run(Detrend{3, 1, Trend::kMean}, {0, 3, 3}), (std::vector<std::int16_t>{-2, 1, 1}));
  EXPECT_EQ(run(Detrend{3, 1, Trend::kLine}, {0, 3, 3}), (std::vector<std::int16_t>{0, 1, 0}));
  EXPECT_EQ(run(Detrend{4, 2, Trend::kLine}, {-100, 7, 0, 7, 100, 7, 200, 7}),
            (std::vector<std::int16_t>(8, 0)));
}

TEST(Detrend, stays_within_its_bound_for_every_signal) {
  for (const auto trend : {Trend::kMean, Trend::kLine})
    for (const std::int32_t samples : {2, 3, 64, 129, 1000, 16384}) {
      const auto n = static_cast<std::size_t>(samples);
      const Detrend block{samples, 2, trend};
      const long double bound = 0.5L + samples * 0x1p-31L;
      for (const auto& [name, signal] : signals(2 * n)) {
        const auto found = run(block, signal);
        for (std::size_t channel = 0; channel < 2; ++channel) {
          long double sum = 0, moment = 0, squares = 0;
          for (std::size_t at = 0; at < n; ++at) {
            const long double u = 2.0L * static_cast<long double>(at) - (samples - 1);
            sum += signal[2 * at + channel];
            moment += u * signal[2 * at + channel];
            squares += u * u;
          }
          const long double slope = trend == Trend::kLine ? moment / squares : 0;
          long double worst = 0;
          for (std::size_t at = 0; at < n; ++at) {
            const long double u = 2.0L * static_cast<long double>(at) - (samples - 1);
            const long double exact = signal[2 * at + channel] - sum / samples - slope * u;
            worst =
                std::max(worst, std::abs(std::clamp(exact, -32768.0L, 32767.0L) - found[2 * at + channel]));
          }
          EXPECT_LE(worst, bound) << name << ", " << samples << " samples, channel " << channel;
        }
      }
    }
}

TEST(Detrend, knows_its_limits) {
  EXPECT_FALSE((Detrend{1, 1, Trend::kLine}).valid());
  EXPECT_TRUE((Detrend{16384, 256, Trend::kLine}).valid());
  EXPECT_FALSE((Detrend{16385, 1, Trend::kLine}).valid());
  EXPECT_FALSE((Detrend{2, 0, Trend::kLine}).valid());
  EXPECT_FALSE((Detrend{2, 257, Trend::kLine}).valid());
}

}  // namespace
}  // namespace mote::dsp
