// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/dct.h"

#include <cmath>

#include "features/block.h"
#include "features/design/dct.h"

namespace mote::features::kinds {
namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"coefficients", "scaling"}));
  if (input.element != Element::kInt16 || input.columns > 1024)
    return settings.refuse_block("takes int16, such as logarithms", "put a block \"log\" in front of it");
  MOTE_TRY(const std::int32_t coefficients,
           settings.integer("coefficients", 1, input.columns, std::min(13, input.columns)));
  MOTE_TRY(const std::size_t scaling, settings.choice("scaling", {"orthonormal", "htk"}, "orthonormal"));
  MOTE_TRY(DctWeights design, dct_weights(static_cast<DctScaling>(scaling), input.columns, coefficients));
  // The first coefficient is the largest: the sum of all values times its scale.
  const double gain = std::sqrt((scaling == 0 ? 1.0 : 2.0) * input.columns);
  const int growth = static_cast<int>(std::ceil(std::log2(std::max(gain, 1.0))));
  BlockWriter writer("mote/dsp/dct.h", "mote::dsp::Dct");
  dsp::Dct device = {};
  device.channels = writer.member(input.rows);
  device.terms = writer.member(input.columns);
  device.coefficients = writer.member(coefficients);
  device.weights = writer.table(std::move(design.weights));
  device.shift = writer.member(static_cast<std::int8_t>(design.fraction_bits + growth));
  if (!device.valid()) return settings.refuse_block("has more values than the device can do");
  Blocks blocks;
  blocks.push_back(make_block(device, std::move(writer), input));
  blocks.back()->output.columns = coefficients;
  blocks.back()->output.step = std::ldexp(input.step, growth);
  return blocks;
}

}  // namespace

extern const BlockKind dct = {"dct", "cosine transform: cepstra of logarithms", make};

}  // namespace mote::features::kinds
