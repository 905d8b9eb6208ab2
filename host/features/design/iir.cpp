// SPDX-License-Identifier: Apache-2.0
#include "features/design/iir.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <optional>

#include "core/portable_math.h"

namespace mote::features {
namespace {

using dsp::IirBand;

constexpr double kPi = 3.14159265358979323846;
constexpr double kInputMagnitude = 32768;
constexpr std::int64_t kLongestRing = std::int64_t{1} << 20;

double tangent(double x) {
  return portable_sin(x) / portable_cos(x);
}

std::optional<Error> refusal(const char* name, double hz, double rate_hz) {
  if (hz > 0 && hz < rate_hz / 2) return std::nullopt;
  return Error{ErrorKind::kInput,
               fmt::format("{} is {} Hz, expected more than 0 and less than {} Hz, half the rate", name, hz,
                           rate_hz / 2),
               {},
               "a filter can only tell apart what the sample rate can carry"};
}

Result<void> check(int order, double rate_hz) {
  if (order < 1 || order > kMaxIirOrder)
    return fail(ErrorKind::kInput, fmt::format("order is {}, expected 1 to {}", order, kMaxIirOrder));
  if (!(rate_hz > 0) || !(rate_hz < 1e9))
    return fail(ErrorKind::kInput,
                fmt::format("rate is {} Hz, expected more than 0 and less than 1e9 Hz", rate_hz));
  return {};
}

/// Sections of the low-pass of edge 1: a pole pair each, k ascending in Q; the real pole first.
std::vector<IirSection> prototype(int order, double g) {
  std::vector<IirSection> sections;
  if (order % 2 == 1) sections.push_back({g, 0, 0, true});
  for (int pair = order / 2 - 1; pair >= 0; --pair)
    sections.push_back({g, 2 * portable_sin(kPi * (2 * pair + 1) / (2 * order)), 0, false});
  return sections;
}

std::complex<double> square_root(std::complex<double> z) {
  const double magnitude = std::sqrt(z.real() * z.real() + z.imag() * z.imag());
  const double imaginary = std::sqrt(std::max(0.0, (magnitude - z.real()) / 2));
  return {std::sqrt(std::max(0.0, (magnitude + z.real()) / 2)), z.imag() < 0 ? -imaginary : imaginary};
}

IirSection band_section(std::complex<double> pole, double width) {
  const double g = std::sqrt(pole.real() * pole.real() + pole.imag() * pole.imag());
  return {g, -2 * pole.real() / g, width / g, false};
}

/// The same gain as a whole, with peaks of equal height in all sections: none wastes headroom.
void balance(std::vector<IirSection>& sections) {
  double log_peak = 0;
  for (const auto& section : sections) log_peak += portable_log(section.mix / section.k);
  const double peak = portable_exp(log_peak / static_cast<double>(sections.size()));
  for (auto& section : sections) section.mix = section.k * peak;
}

/// The coefficients of a section, in the table's order, as real numbers.
std::array<double, 4> coefficients(const IirSection& section, double mix_scale) {
  const double g = section.g;
  if (section.first_order) return {0, 0, g / (1 + g), 0};
  const double d = 1 / (1 + g * (g + section.k));
  return {-g * (g + section.k) * d, g * d, g * g * d, section.mix / mix_scale};
}

/// Samples until the slowest pole has fallen below 2^-20, nearly.
double ring_samples(const IirSection& section) {
  const double k = section.k;
  const double decay = section.first_order ? 1 : k < 2 ? k / 2 : (k - std::sqrt(k * k - 4)) / 2;
  return 20 * 0.6931471805599453 / (2 * section.g * decay);
}

/// The device's cascade in real numbers, one sample at a time, with a place for each rounding error.
class Cascade {
 public:
  Cascade(IirBand band, std::vector<std::array<double, 4>> table, double mix_scale)
      : band_(band), table_(std::move(table)), mix_scale_(mix_scale), states_(table_.size()) {}

  struct Disturbance {
    std::size_t section = 0;
    double v1 = 0, v2 = 0, mixed = 0;
  };

  double push(double x) { return push(x, Disturbance()); }
  double push(double x, const Disturbance& added) {
    for (std::size_t index = 0; index < table_.size(); ++index) {
      const auto& [damping, coupling, direct, mix] = table_[index];
      auto& [s1, s2] = states_[index];
      const double scale = index == added.section ? 1.0 : 0.0;
      const double v1 = s1 + damping * s1 + coupling * (x - s2) + scale * added.v1;
      const double v2 = s2 + coupling * s1 + direct * (x - s2) + scale * added.v2;
      const double mixed = (mix * v1 + scale * added.mixed) * mix_scale_;
      sums_[index] += std::max({std::abs(2 * (x - s2)), std::abs(2 * s1), std::abs(2 * v1), std::abs(2 * v2),
                                std::abs(2 * v1 - s1), std::abs(2 * v2 - s2), std::abs(x - mixed),
                                std::abs(mixed), std::abs(x - mixed - v2)});
      s1 = 2 * v1 - s1;
      s2 = 2 * v2 - s2;
      x = band_ == IirBand::kLowPass ? v2 : band_ == IirBand::kBandPass ? mixed : x - mixed - v2;
    }
    return x;
  }

  /// Greatest magnitude of a state.
  double energy() const {
    double greatest = 0;
    for (const auto& [s1, s2] : states_) greatest = std::max({greatest, std::abs(s1), std::abs(s2)});
    return greatest;
  }

  /// The sum over all samples of the greatest value inside: what an input of magnitude 1 can make it at most.
  double greatest_inside() const {
    double greatest = 0;
    for (const double sum : sums_) greatest = std::max(greatest, sum);
    return greatest;
  }

 private:
  IirBand band_;
  std::vector<std::array<double, 4>> table_;
  double mix_scale_;
  std::vector<std::array<double, 2>> states_;
  std::array<double, kMaxIirOrder> sums_ = {};
};

/// Sum of |output| for one unit of `disturbance` in the first sample and nothing else.
double gain_of(Cascade cascade, const Cascade::Disturbance& disturbance) {
  double sum = std::abs(cascade.push(0, disturbance));
  const double start = std::max(cascade.energy(), 1e-9);
  for (std::int64_t sample = 0; sample < kLongestRing && cascade.energy() > start * 0x1p-24; ++sample)
    sum += std::abs(cascade.push(0));
  return sum;
}

/// What the cascade does to an impulse, with exact and with rounded coefficients.
struct Response {
  double greatest_inside = 0;    ///< for an input of magnitude 1
  double coefficient_error = 0;  ///< of the output, for an input of magnitude 1
  std::int64_t settling_samples = 0;
};

Response respond(Cascade exact, Cascade rounded) {
  Response response;
  for (double x = 1;; x = 0) {
    response.coefficient_error += std::abs(exact.push(x) - rounded.push(x));
    if (++response.settling_samples > 8 * kLongestRing) break;
    if (rounded.energy() < 0x1p-20 && exact.energy() < 0x1p-20) break;
  }
  response.greatest_inside = rounded.greatest_inside();
  return response;
}

Error too_low() {
  return {ErrorKind::kInput,
          "",
          {},
          "lower the rate first (a decimation), choose a lower order, or make a wide band of a high-pass and "
          "a low-pass"};
}

Result<IirDesign> design(IirBand band, const std::vector<IirSection>& sections) {
  IirDesign result;
  result.band = band;
  double greatest_mix = 0;
  for (const auto& section : sections) greatest_mix = std::max(greatest_mix, section.mix);
  double mix_scale = 1;
  for (; greatest_mix / mix_scale >= 1; mix_scale *= 2) ++result.mix_shift;

  std::vector<std::array<double, 4>> exact, rounded;
  double ring = 0;
  for (const auto& section : sections) {
    ring = std::max(ring, ring_samples(section));
    exact.push_back(coefficients(section, mix_scale));
    rounded.push_back(exact.back());
    for (double& value : rounded.back()) {
      value = std::clamp(std::round(value * 0x1p31), -0x1p31, 0x1p31 - 1);
      result.table.push_back(static_cast<std::int32_t>(value));
      value *= 0x1p-31;
    }
  }
  if (!(ring < kLongestRing) || result.mix_shift > 15) {
    Error error = too_low();
    error.what = fmt::format("an impulse rings for more than {} samples, expected fewer", kLongestRing);
    return std::unexpected(std::move(error));
  }
  const Cascade cascade(band, rounded, mix_scale);
  const Response response = respond(Cascade(band, exact, mix_scale), cascade);
  result.settling_samples = response.settling_samples;
  const double greatest = response.greatest_inside * (kInputMagnitude + 1);
  for (result.fraction_bits = 15; result.fraction_bits > 1; --result.fraction_bits)
    if (std::ldexp(greatest, result.fraction_bits) < 0x1p31) break;

  // Two products of half a unit each in v1 and v2, one in mixed.
  double rounding = 0;
  for (std::size_t section = 0; section < sections.size(); ++section) {
    if (!sections[section].first_order) rounding += gain_of(cascade, {section, 1, 0, 0});
    rounding += gain_of(cascade, {section, 0, sections[section].first_order ? 0.5 : 1, 0});
    if (band != IirBand::kLowPass && !sections[section].first_order)
      rounding += gain_of(cascade, {section, 0, 0, 0.5});
  }
  result.error_counts =
      0.5 + std::ldexp(rounding, -result.fraction_bits) + response.coefficient_error * kInputMagnitude;
  if (std::ldexp(greatest, result.fraction_bits) >= 0x1p31 || result.error_counts > kMaxIirErrorCounts) {
    Error error = too_low();
    error.what =
        fmt::format("the error of 32-bit arithmetic could reach {:.1f} counts, expected at most {:.1f}",
                    result.error_counts, kMaxIirErrorCounts);
    return std::unexpected(std::move(error));
  }
  return result;
}

}  // namespace

Result<std::vector<IirSection>> low_pass_sections(int order, double edge_hz, double rate_hz) {
  MOTE_CHECK(check(order, rate_hz));
  if (auto error = refusal("edge", edge_hz, rate_hz)) return std::unexpected(std::move(*error));
  return prototype(order, tangent(kPi * edge_hz / rate_hz));
}

Result<std::vector<IirSection>> high_pass_sections(int order, double edge_hz, double rate_hz) {
  MOTE_TRY(auto sections, low_pass_sections(order, edge_hz, rate_hz));
  for (auto& section : sections) section.mix = section.k;
  return sections;
}

Result<std::vector<IirSection>> band_pass_sections(int order, double low_hz, double high_hz, double rate_hz) {
  MOTE_CHECK(check(order, rate_hz));
  if (auto error = refusal("lower edge", low_hz, rate_hz)) return std::unexpected(std::move(*error));
  if (auto error = refusal("upper edge", high_hz, rate_hz)) return std::unexpected(std::move(*error));
  if (low_hz >= high_hz)
    return fail(ErrorKind::kInput,
                fmt::format("the band from {} Hz to {} Hz is empty, expected the lower edge below "
                            "the upper one",
                            low_hz, high_hz));
  const double low = tangent(kPi * low_hz / rate_hz), high = tangent(kPi * high_hz / rate_hz);
  const double width = high - low, centre = std::sqrt(low * high);
  std::vector<IirSection> sections;
  // s^2 - pole width s + centre^2 for every pole of the low-pass of edge 1.
  if (order % 2 == 1) sections.push_back({centre, width / centre, width / centre, false});
  for (int pair = order / 2 - 1; pair >= 0; --pair) {
    const double angle = kPi * (2 * pair + 1) / (2 * order);
    const std::complex<double> half(-portable_sin(angle) * width / 2, portable_cos(angle) * width / 2);
    const std::complex<double> square(half.real() * half.real() - half.imag() * half.imag() - centre * centre,
                                      2 * half.real() * half.imag());
    const auto root = square_root(square);
    sections.push_back(band_section(half + root, width));
    sections.push_back(band_section(half - root, width));
  }
  balance(sections);
  return sections;
}

Result<IirDesign> design_low_pass(int order, double edge_hz, double rate_hz) {
  MOTE_TRY(const auto sections, low_pass_sections(order, edge_hz, rate_hz));
  return design(IirBand::kLowPass, sections);
}

Result<IirDesign> design_high_pass(int order, double edge_hz, double rate_hz) {
  MOTE_TRY(const auto sections, high_pass_sections(order, edge_hz, rate_hz));
  return design(IirBand::kHighPass, sections);
}

Result<IirDesign> design_band_pass(int order, double low_hz, double high_hz, double rate_hz) {
  MOTE_TRY(const auto sections, band_pass_sections(order, low_hz, high_hz, rate_hz));
  return design(IirBand::kBandPass, sections);
}

}  // namespace mote::features
