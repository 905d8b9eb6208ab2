// SPDX-License-Identifier: Apache-2.0
#include "features/block.h"

namespace mote::features {

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
