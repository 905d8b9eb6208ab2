// SPDX-License-Identifier: Apache-2.0
#include "features/block.h"

#include "mote/dsp/narrow.h"

namespace mote::features {
namespace {

constexpr std::int32_t kMostFiltered = 256;  ///< channels of a filter on the device

template <class T>
std::unique_ptr<Block> narrowed(std::vector<std::int8_t> shifts, const Signal& input) {
  BlockWriter writer("mote/dsp/narrow.h", fmt::format("mote::dsp::Narrow<{}>", to_string(input.element)));
  dsp::Narrow<T> device = {};
  device.values = writer.member(input.values());
  device.shifts = writer.table(std::move(shifts));
  auto block = make_block(device, std::move(writer), input);
  block->name = "narrow";
  return block;
}

}  // namespace

Result<void> require_samples(const Settings& settings, const Signal& input) {
  if (input.element == Element::kInt16 && input.rows == 1 && input.columns <= kMostFiltered) return {};
  return settings.refuse_block("filters single samples of int16",
                               "put it in front of the block that collects frames");
}

Result<void> require_frames(const Settings& settings, const Signal& input) {
  if (input.element == Element::kInt16 && input.sample_hz > 0) return {};
  return settings.refuse_block("takes frames of samples of int16", "put a block \"frame\" in front of it");
}

Result<void> require_spectrum(const Settings& settings, const Signal& input) {
  if (input.element == Element::kUint32 && input.bin_hz > 0) return {};
  return settings.refuse_block("takes a spectrum", "put a block \"spectrum\" in front of it");
}

std::unique_ptr<Block> narrow_block(std::vector<std::int8_t> shifts, const Signal& input) {
  return input.element == Element::kUint32 ? narrowed<std::uint32_t>(std::move(shifts), input)
                                           : narrowed<std::int32_t>(std::move(shifts), input);
}

Result<Blocks> chain_of(const std::vector<ChainLink>& links, const std::string& where, const Signal& input) {
  Blocks blocks;
  Signal signal = input;
  for (const ChainLink& link : links) {
    const project::FeatureBlock settings{std::string(link.kind->name), link.settings, where};
    MOTE_TRY(Blocks made, link.kind->make(Settings(settings), signal));
    for (auto& block : made) {
      if (block->name.empty()) block->name = link.kind->name;
      signal = block->output;
      blocks.push_back(std::move(block));
    }
  }
  return blocks;
}

}  // namespace mote::features
