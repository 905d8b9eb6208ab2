// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/log_scale.h"

#include <cmath>

#include "features/block.h"

namespace mote::features::kinds {
namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"scale"}));
  if (input.element != Element::kUint32 || input.rows != 1)
    return settings.refuse_block("takes amplitudes", "put a block \"mel_amplitude\" in front of it");
  MOTE_TRY(const std::int32_t scale, settings.integer("scale", 1, 2048, 64));
  BlockWriter writer("mote/dsp/log_scale.h", "mote::dsp::LogScale");
  dsp::LogScale device = {};
  device.channels = writer.member(input.columns);
  device.scale = static_cast<std::uint32_t>(writer.member(scale));
  device.left = writer.member(std::ilogb(input.step));
  Blocks blocks;
  blocks.push_back(make_block(device, std::move(writer), input));
  blocks.back()->output.step = 1.0 / scale;
  blocks.back()->output.unit = "";
  return blocks;
}

}  // namespace

extern const BlockKind log_scale = {"log_scale", "the natural logarithm of amplitudes", make};

}  // namespace mote::features::kinds
