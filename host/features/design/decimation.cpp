// SPDX-License-Identifier: Apache-2.0
#include "features/design/decimation.h"

#include <fmt/format.h>

#include <cmath>

#include "core/portable_math.h"

namespace mote::features {
namespace {

constexpr double kPi = 3.14159265358979323846;
/// Two decibels in hand for the rounding of the weights.
constexpr double kAttenuationDb = 66;

/// The modified Bessel function of order 0, by its series.
double bessel(double x) {
  double sum = 1, term = 1;
  for (int index = 1; term > sum * 1e-17; ++index) {
    term *= x / (2 * index) * (x / (2 * index));
    sum += term;
  }
  return sum;
}

/// Weights that add up to 32768: pairs that were rounded furthest the other way make up for the sum of
/// roundings.
void round_to_one(const std::vector<double>& exact, double sum, std::vector<std::int16_t>& weights) {
  int rest = 32768;
  std::vector<double> left;  // exact less rounded
  for (const double weight : exact) {
    const double wanted = weight / sum * 32768;
    weights.push_back(static_cast<std::int16_t>(std::round(wanted)));
    left.push_back(wanted - weights.back());
    rest -= weights.back();
  }
  const std::size_t middle = weights.size() / 2;
  const int step = rest < 0 ? -1 : 1;
  for (; rest * step >= 2; rest -= 2 * step) {
    std::size_t best = 0;
    for (std::size_t at = 1; at < middle; ++at)
      if (left[at] * step > left[best] * step) best = at;
    left[best] -= step;
    weights[best] = static_cast<std::int16_t>(weights[best] + step);
    weights[weights.size() - 1 - best] = weights[best];
  }
  weights[middle] = static_cast<std::int16_t>(weights[middle] + rest);
}

}  // namespace

Result<DecimationDesign> design_decimation(int factor) {
  if (factor < 1 || factor > kMaxDecimation)
    return fail(ErrorKind::kInput,
                fmt::format("decimation factor is {}, expected 1 to {}", factor, kMaxDecimation), {},
                "decimate in two steps");
  DecimationDesign result{factor, {}};
  if (factor == 1) {
    result.weights = {32767};
    return result;
  }
  const double transition = (1 - kDecimationPassShare) / factor;  // cycles a sample
  const double beta = 0.1102 * (kAttenuationDb - 8.7);
  const int half = static_cast<int>((kAttenuationDb - 7.95) / (2.285 * 2 * kPi * transition) / 2) + 1;
  std::vector<double> exact;
  double sum = 0;
  for (int at = -half; at <= half; ++at) {
    const double share = static_cast<double>(at) / (half + 1);
    const double angle = kPi * at / factor;
    exact.push_back((at == 0 ? 1.0 : portable_sin(angle) / angle) *
                    bessel(beta * std::sqrt(1 - share * share)) / bessel(beta));
    sum += exact.back();
  }
  round_to_one(exact, sum, result.weights);
  return result;
}

}  // namespace mote::features
