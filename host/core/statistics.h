// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <span>

namespace mote {

/// Confidence of every interval that Mote shows.
inline constexpr double kConfidence = 0.95;
/// An interval that reaches further than this from its estimate, on either side, decides nothing.
inline constexpr double kWidestUsefulMargin = 0.10;

/// A range of values, both ends included.
struct Interval {
  double low = 0;
  double high = 1;

  bool contains(double value) const { return low <= value && value <= high; }
  bool operator==(const Interval&) const = default;
};

/// Probability that a Beta(a, b) variable is at most `x`: the regularised incomplete beta function.
/// @param x 0 ... 1
/// @param a,b greater than 0
/// Relative error about 1e-12 (continued fraction: Abramowitz and Stegun, "Handbook of Mathematical
/// Functions", 26.5.8).
double incomplete_beta(double x, double a, double b);

/// The exact two-sided interval of a proportion (Clopper and Pearson, Biometrika 26, 1934).
/// @param successes 0 ... trials
/// @param trials independent units - recordings, persons, events - never overlapping windows; 0 gives [0, 1]
/// @param confidence 0 ... 1, exclusive
Interval clopper_pearson(std::int64_t successes, std::int64_t trials, double confidence = kConfidence);

/// Two-sided p-value of McNemar's exact test: whether two classifiers that saw the same units differ.
/// @param only_first_right units that the first got right and the second wrong
/// @param only_second_right the other way round; both 0 gives 1
double mcnemar_exact(std::int64_t only_first_right, std::int64_t only_second_right);

/// Percentile bootstrap interval of a statistic over independent units; equal seeds give equal intervals.
/// @param units number of units, at least 1
/// @param statistic of the units whose indices it is given (`units` of them, drawn with replacement)
/// @param resamples at least 1; 2000 make the ends good to about a tenth of the interval's width
Interval bootstrap(std::int64_t units, const std::function<double(std::span<const std::int64_t>)>& statistic,
                   std::uint64_t seed, std::int64_t resamples = 2000, double confidence = kConfidence);

/// How far the interval reaches from the estimate on its longer side.
double margin(double estimate, const Interval& interval);

/// Whether the interval of `successes` of `trials` is narrow enough to decide anything; if not, the reader is
/// told "not enough data".
bool enough_data(std::int64_t successes, std::int64_t trials);

/// How many units more, at the same share of successes, make enough_data() true; 0 if it is true already.
std::int64_t more_units_needed(std::int64_t successes, std::int64_t trials);

}  // namespace mote
