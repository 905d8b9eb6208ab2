// SPDX-License-Identifier: Apache-2.0
#include "features/block.h"
#include "mote/dsp/narrow.h"

namespace mote::features {
namespace {

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

std::unique_ptr<Block> narrow_block(std::vector<std::int8_t> shifts, const Signal& input) {
  return input.element == Element::kUint32 ? narrowed<std::uint32_t>(std::move(shifts), input)
                                           : narrowed<std::int32_t>(std::move(shifts), input);
}

}  // namespace mote::features
