// SPDX-License-Identifier: Apache-2.0
// Decimate equals the sum of its formula, for every ratio of taps to factor.
#include "mote/dsp/decimate.h"

#include <algorithm>

#include "block_test.h"

namespace mote::dsp {
namespace {

TEST(Decimate, is_worked_by_hand) {
  // Means of three, one of two: (3 + 6 + 9) / 3, (9 + 12 + 0) / 3.
  constexpr std::int16_t kThirds[] = {10923, 10922, 10923};
  EXPECT_EQ(run(Decimate{1, 2, 3, kThirds}, {3, 6, 9, 12, 0, -3}), (std::vector<std::int16_t>{6, 7}));
}

TEST(Decimate, equals_its_formula_for_every_signal) {
  std::mt19937 generator(2);  // NOLINT: the same every time
  for (const std::int32_t taps : {1, 2, 5, 16, 33})
    for (const std::int32_t factor : {1, 2, 3, 5, 16, 33})
      for (const std::size_t channels : {std::size_t{1}, std::size_t{3}}) {
        if (factor > taps) continue;
        std::vector<std::int16_t> weights;
        for (std::int32_t tap = 0; tap < taps; ++tap) {  // magnitudes add up to 65535 at most
          const int magnitude = static_cast<int>(generator() % 65535) / taps / 2;
          weights.push_back(static_cast<std::int16_t>(generator() % 2 == 0 ? magnitude : -magnitude));
        }
        const Decimate block{static_cast<std::int32_t>(channels), factor, taps, weights.data()};
        for (const auto& [name, signal] : signals(240 * channels)) {
          const auto found = run(block, signal);
          ASSERT_EQ(found.size(), static_cast<std::size_t>((240 - taps) / factor + 1) * channels);
          for (std::size_t at = 0; at < found.size(); ++at) {
            std::int64_t sum = 1 << 14;
            for (std::size_t tap = 0; tap < weights.size(); ++tap)
              sum +=
                  std::int64_t{weights[tap]} *
                  signal[(at / channels * static_cast<std::size_t>(factor) + tap) * channels + at % channels];
            ASSERT_EQ(found[at], std::clamp<std::int64_t>(sum >> 15, -32768, 32767))
                << name << ", " << taps << " taps, factor " << factor;
          }
        }
      }
}

TEST(Decimate, saturates) {
  constexpr std::int16_t kWeights[] = {32767, 32767};
  EXPECT_EQ(run(Decimate{1, 1, 2, kWeights}, {32767, 32767, -32768, -32768}),
            (std::vector<std::int16_t>{32767, -1, -32768}));
}

TEST(Decimate, knows_its_limits) {
  constexpr std::int16_t kOne[] = {32767};
  EXPECT_TRUE((Decimate{256, 1024, 1024, kOne}).valid());
  EXPECT_FALSE((Decimate{0, 1, 1, kOne}).valid());
  EXPECT_FALSE((Decimate{257, 1, 1, kOne}).valid());
  EXPECT_FALSE((Decimate{1, 2, 1, kOne}).valid());
  EXPECT_FALSE((Decimate{1, 0, 1, kOne}).valid());
  EXPECT_FALSE((Decimate{1, 1, 1025, kOne}).valid());
}

}  // namespace
}  // namespace mote::dsp
