// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/magnitude.h"

#include "features/block.h"

namespace mote::features::kinds {
namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({}));
  if (input.element != Element::kInt16 || input.rows != 1 || input.columns > 3 || input.unit == "mixed")
    return settings.refuse_block("takes samples of one to three axes of one unit and range");
  BlockWriter writer("mote/dsp/magnitude.h", "mote::dsp::Magnitude");
  const dsp::Magnitude device = {writer.member(input.columns)};
  Blocks blocks;
  blocks.push_back(make_block(device, std::move(writer), input));
  blocks.back()->output.columns = 1;
  blocks.back()->output.channels = {"magnitude"};
  return blocks;
}

}  // namespace

extern const BlockKind magnitude = {"magnitude", "length of the vector that the axes are", make};

}  // namespace mote::features::kinds
