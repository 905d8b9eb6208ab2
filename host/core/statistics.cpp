// SPDX-License-Identifier: Apache-2.0
#include "core/statistics.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/random.h"

namespace mote {
namespace {

/// The continued fraction of the incomplete beta function by Lentz's method; converges fast for
/// x < (a + 1) / (a + b + 2).
double beta_fraction(double x, double a, double b) {
  constexpr double kTiny = 1e-300;  // stands for 0 where the method divides
  const auto nonzero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1;
  double d = 1 / nonzero(1 - (a + b) * x / (a + 1));
  double result = d;
  for (int m = 1; m < 10000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonzero(1 + even * d);
    c = nonzero(1 + even / c);
    result *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonzero(1 + odd * d);
    c = nonzero(1 + odd / c);
    result *= d * c;
    if (std::abs(d * c - 1) < 1e-14) break;
  }
  return result;
}

/// The x where incomplete_beta(x, a, b) reaches `probability`.
double beta_quantile(double probability, double a, double b) {
  double low = 0;
  double high = 1;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (incomplete_beta(middle, a, b) < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

double share(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

}  // namespace

double incomplete_beta(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double log_front =
      std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x);
  const double front = std::exp(log_front);
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(1 - x, b, a) / b;
}

Interval clopper_pearson(std::int64_t successes, std::int64_t trials, double confidence) {
  const double tail = (1 - confidence) / 2;
  const auto right = static_cast<double>(successes);
  const auto wrong = static_cast<double>(trials - successes);
  Interval interval{0, 1};
  if (successes > 0) interval.low = beta_quantile(tail, right, wrong + 1);
  if (successes < trials) interval.high = beta_quantile(1 - tail, right + 1, wrong);
  return interval;
}

double mcnemar_exact(std::int64_t only_first_right, std::int64_t only_second_right) {
  const std::int64_t fewer = std::min(only_first_right, only_second_right);
  const std::int64_t different = only_first_right + only_second_right;
  if (2 * fewer >= different) return 1;
  // P(at most `fewer` of `different` fair coin tosses) as an incomplete beta function.
  const double one_sided =
      incomplete_beta(0.5, static_cast<double>(different - fewer), static_cast<double>(fewer + 1));
  return std::min(1.0, 2 * one_sided);
}

Interval bootstrap(std::int64_t units, const std::function<double(std::span<const std::int64_t>)>& statistic,
                   std::uint64_t seed, std::int64_t resamples, double confidence) {
  Rng rng(seed);
  std::vector<std::int64_t> drawn(static_cast<std::size_t>(units));
  std::vector<double> values(static_cast<std::size_t>(resamples));
  for (double& value : values) {
    for (std::int64_t& unit : drawn)
      unit = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(units)));
    value = statistic(drawn);
  }
  std::ranges::sort(values);
  const double last = static_cast<double>(values.size() - 1);
  const double tail = (1 - confidence) / 2;
  return {values[static_cast<std::size_t>(std::floor(tail * last))],
          values[static_cast<std::size_t>(std::ceil((1 - tail) * last))]};
}

double margin(double estimate, const Interval& interval) {
  return std::max(estimate - interval.low, interval.high - estimate);
}

bool enough_data(std::int64_t successes, std::int64_t trials) {
  return trials > 0 &&
         margin(share(successes, trials), clopper_pearson(successes, trials)) <= kWidestUsefulMargin;
}

std::int64_t more_units_needed(std::int64_t successes, std::int64_t trials) {
  const double proportion = trials > 0 ? share(successes, trials) : 0.5;
  constexpr std::int64_t kWorstCase = 104;  // units that a share of one half needs
  std::int64_t total = trials;
  while (total < trials + kWorstCase &&
         !enough_data(std::llround(proportion * static_cast<double>(total)), total))
    ++total;
  return total - trials;
}

}  // namespace mote
