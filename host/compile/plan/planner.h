// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <limits>
#include <vector>

#include "core/error.h"

namespace mote::compile {

/// Bytes that must keep their content from step `first` to step `last`, both included.
struct Buffer {
  std::int32_t bytes = 0;
  std::int32_t first = 0;
  std::int32_t last = 0;
  std::int32_t alignment_bytes = 4;  ///< of its offset; a power of two

  bool operator==(const Buffer&) const = default;
};

/// Permission to overlap: `output` may lie over `input` if input's offset >= output's offset + ahead_bytes,
/// or, with `in_place`, if their offsets are equal. Holds for the step that writes the output, which must be
/// the input's last. Several inputs of a step may each have one.
struct Overlay {
  std::int32_t output = 0;  ///< index into MemoryNeeds::buffers
  std::int32_t input = 0;
  std::int32_t ahead_bytes =
      0;  ///< below 0 if the two are parts of what the kernel knows as one operand each

  bool in_place = false;

  bool operator==(const Overlay&) const = default;
};

/// Two buffers that are parts of one thing: buffer's offset = anchor's offset + distance_bytes.
struct Tie {
  std::int32_t buffer = 0;  ///< index into MemoryNeeds::buffers
  std::int32_t anchor = 0;
  std::int32_t distance_bytes = 0;

  bool operator==(const Tie&) const = default;
};

/// What a model needs of its memory.
struct MemoryNeeds {
  std::vector<Buffer> buffers;
  std::vector<Overlay> overlays;
  std::vector<Tie> ties = {};  ///< contradict neither each other nor the alignment of what they tie

  bool operator==(const MemoryNeeds&) const = default;
};

/// Where each buffer lies; `total_bytes` is the end of the last one.
struct MemoryPlan {
  std::vector<std::int32_t> offsets;
  std::int32_t total_bytes = 0;

  bool operator==(const MemoryPlan&) const = default;
};

/// How long plan_memory() may look.
struct PlanEffort {
  std::int64_t placements = 400'000;  ///< of a buffer; 0.1 to 0.3 us each
  /// A plan of so many bytes is of no use to the caller: what is returned then is any valid plan.
  std::int64_t useless_bytes = std::numeric_limits<std::int64_t>::max();
};

/// A plan with a small total. For up to 8 buffers without ties or replacements the smallest there is, mostly
/// also for more: branch and bound over the orders in which buffers can be stacked, then local search over
/// orders of placement; both stop at memory_lower_bound(). The same needs and effort give the same plan.
/// `used` [out]: placements that it took, at most a few more than the effort.
MemoryPlan plan_memory(const MemoryNeeds& needs, const PlanEffort& effort = {}, std::int64_t* used = nullptr);

/// A total that no plan can be below: the largest sum of live bytes over all steps, less what the overlays
/// save at best; and the extent of what is tied together.
std::int64_t memory_lower_bound(const MemoryNeeds& needs);

/// Whether `plan` keeps every buffer's content; written apart from the planner, and byte by byte: it marks
/// every byte of every step with its owner. Errors (kInternal): misaligned or outside the total, torn from
/// what it is tied to, or two buffers that share a byte without permission.
Result<void> check_plan(const MemoryNeeds& needs, const MemoryPlan& plan);

}  // namespace mote::compile
