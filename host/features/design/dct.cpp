// SPDX-License-Identifier: Apache-2.0
#include "features/design/dct.h"

#include <fmt/format.h>

#include "core/portable_math.h"

namespace mote::features {

Result<DctWeights> dct_weights(DctScaling scaling, std::int32_t terms, std::int32_t coefficients) {
  if (terms < 1 || terms > 1024 || coefficients < 1 || coefficients > terms)
    return fail(
        ErrorKind::kInput,
        fmt::format("{} coefficients of {} terms, expected 1 to 1024 terms and at most as many coefficients",
                    coefficients, terms),
        "cosine transform", "choose fewer coefficients or more bands");
  constexpr double kPi = 3.141592653589793;
  const double scale = portable_exp(0.5 * portable_log(2.0 / terms)), sqrt_half = 0.7071067811865476;
  DctWeights result;
  double unit = 1.0;
  while (scale * unit * 2.0 <= 32767.0) {
    unit *= 2.0;
    ++result.fraction_bits;
  }
  for (std::int32_t coefficient = 0; coefficient < coefficients; ++coefficient)
    for (std::int32_t term = 0; term < terms; ++term) {
      const bool halved = coefficient == 0 && scaling == DctScaling::kOrthonormal;
      const double value = (halved ? scale * sqrt_half : scale) * unit *
                           portable_cos(kPi * coefficient * (term + 0.5) / terms);
      result.weights.push_back(static_cast<std::int16_t>(value + (value < 0 ? -0.5 : 0.5)));
    }
  return result;
}

}  // namespace mote::features
