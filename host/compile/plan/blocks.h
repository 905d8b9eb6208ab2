// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "compile/plan/planner.h"

namespace mote::compile {

/// Memory needs as the planner sees them: blocks, each the buffers that ties hold together, and for each
/// block the others that restrict where it can be.
///
/// Two blocks restrict each other if buffers of theirs are alive together. Then the one must lie far enough
/// above the other or far enough below it; how far follows from sizes, or is less where an overlay allows it.
class Blocks {
 public:
  /// Another block, at offset x: this block's offset is at least x + above, or at most x - below, or exactly
  /// x + besides. There is one such restriction for each two of their buffers that are alive together.
  struct Neighbour {
    std::size_t other = 0;
    std::int64_t above = 0;
    std::int64_t below = 0;
    std::int64_t besides = 0;  ///< `above` if there is no such exception
  };
  struct Block {
    std::int64_t bytes = 0;            ///< from its first byte to its last
    std::int64_t alignment_bytes = 1;  ///< its offset leaves the remainder `phase_bytes`
    std::int64_t phase_bytes = 0;
    std::int32_t first = 0;  ///< of the buffer that begins earliest
    std::vector<Neighbour> neighbours;
  };

  explicit Blocks(const MemoryNeeds& needs);

  /// Whether all restrictions are "so far above or so far below".
  bool are_plain() const { return are_plain_; }
  std::size_t size() const { return blocks_.size(); }
  const Block& operator[](std::size_t block) const { return blocks_[block]; }

  /// The smallest offset from `offset` on that is aligned for the block.
  std::int64_t align(std::size_t block, std::int64_t offset) const {
    const Block& aligned = blocks_[block];
    const std::int64_t over = (offset - aligned.phase_bytes) & (aligned.alignment_bytes - 1);
    return over == 0 ? offset : offset + aligned.alignment_bytes - over;
  }

  /// The plan of buffers that puts the blocks at `offsets`.
  MemoryPlan plan(const std::vector<std::int64_t>& offsets) const;

 private:
  void tie_together(const MemoryNeeds& needs);
  void find_neighbours(const MemoryNeeds& needs);

  bool are_plain_ = true;
  std::vector<Block> blocks_;
  std::vector<std::size_t> block_of_;   ///< by buffer
  std::vector<std::int64_t> position_;  ///< by buffer: in its block
  std::vector<std::int64_t> bytes_;     ///< by buffer
};

/// The part of memory_lower_bound() that follows from live bytes.
std::int64_t live_bytes_bound(const MemoryNeeds& needs);

}  // namespace mote::compile
