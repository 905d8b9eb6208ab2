// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/frame.h"

#include <algorithm>

#include "features/block.h"

namespace mote::features::kinds {
namespace {

constexpr std::int32_t kMostSamples = 16384;
constexpr std::int32_t kMostValues = 1 << 18;  ///< of a frame

template <class T>
std::unique_ptr<Block> framed(const Signal& input, std::int32_t length, std::int32_t step) {
  BlockWriter writer("mote/dsp/frame.h", fmt::format("mote::dsp::Frame<{}>", to_string(input.element)));
  const dsp::Frame<T> device = {writer.member(input.values()), writer.member(length), writer.member(step)};
  return make_block(device, std::move(writer), input);
}

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"length_ms", "step_ms"}));
  if (input.rows != 1)
    return settings.refuse_block("collects single samples, and gets frames of more than one");
  const std::int32_t longest = std::min(kMostSamples, kMostValues / input.values());
  if (longest < 1)
    return settings.refuse_block(
        fmt::format("takes at most {} values, and gets {}", kMostValues, input.values()));
  MOTE_TRY(const std::int32_t length, settings.samples("length_ms", input.frames_hz, 1, longest));
  MOTE_TRY(const std::int32_t step, settings.samples("step_ms", input.frames_hz, 1, length));
  Blocks blocks;
  switch (input.element) {
    case Element::kInt16:
      blocks.push_back(framed<std::int16_t>(input, length, step));
      break;
    case Element::kInt32:
      blocks.push_back(framed<std::int32_t>(input, length, step));
      break;
    case Element::kUint32:
      blocks.push_back(framed<std::uint32_t>(input, length, step));
      break;
  }
  blocks.back()->output.rows = length;
  blocks.back()->output.sample_hz = input.frames_hz;
  return blocks;
}

}  // namespace

extern const BlockKind frame = {
    "frame", "consecutive samples side by side: the start of everything that has a window", make};

}  // namespace mote::features::kinds
