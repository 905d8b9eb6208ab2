// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only thing that the sampling interrupt and the main loop share.

#include <stdint.h>

namespace mote {
namespace runtime {
namespace detail {

template <bool kSmall>
struct RingIndex {
  using Type = uint32_t;
};

template <>
struct RingIndex<true> {
  using Type = uint8_t;  // one byte is read and written at once on every core, an 8-bit one too
};

}  // namespace detail

/// Ring of raw samples with one producer (the interrupt) and one consumer (the main loop); neither ever
/// waits.
///
/// kAxes: counts of one sample. kCapacity: samples, a power of two; at most 128 on an 8-bit core. Costs
/// kCapacity * (2 * kAxes + 2) bytes. A sample that finds the ring full is lost and counted, and the count
/// travels with the next sample that fits: the consumer knows exactly where the gap is.
template <int32_t kAxes, int32_t kCapacity>
class SampleRing {
  static_assert(kAxes >= 1, "a sample has at least one axis");
  static_assert(kCapacity >= 2 && (kCapacity & (kCapacity - 1)) == 0, "the capacity is a power of two");
  using Index = typename detail::RingIndex<(kCapacity <= 128)>::Type;

 public:
  /// Producer: stores a sample, `counts` [in] [axis]; returns false if it was lost.
  bool push(const int16_t* counts) {
    const Index written = __atomic_load_n(&written_, __ATOMIC_RELAXED);
    if (static_cast<Index>(written - __atomic_load_n(&read_, __ATOMIC_ACQUIRE)) == kCapacity) {
      lose();
      return false;
    }
    Slot& slot = slots_[written & (kCapacity - 1)];
    for (int32_t axis = 0; axis < kAxes; ++axis) slot.counts[axis] = counts[axis];
    slot.lost_before = lost_;
    lost_ = 0;
    __atomic_store_n(&written_, static_cast<Index>(written + 1), __ATOMIC_RELEASE);
    return true;
  }

  /// Producer: stores `samples` samples at once, `counts` [in] [sample][axis], from an interrupt that comes
  /// when half of a DMA buffer is full. Returns how many of them were lost; each counts as in push().
  int32_t push_block(const int16_t* counts, int32_t samples) {
    int32_t lost = 0;
    for (int32_t sample = 0; sample < samples; ++sample)
      if (!push(counts + sample * kAxes)) ++lost;
    return lost;
  }

  /// Producer: counts a sample that was due and did not come.
  void lose() {
    if (lost_ != UINT16_MAX) lost_ = static_cast<uint16_t>(lost_ + 1);
  }

  /// Consumer: takes the oldest sample, `counts` [out] [axis]; returns false if there is none.
  /// `lost_before` [out]: samples lost between the one before and this one.
  bool pop(int16_t* counts, uint16_t* lost_before) {
    if (empty()) return false;
    const Index read = __atomic_load_n(&read_, __ATOMIC_RELAXED);
    const Slot& slot = slots_[read & (kCapacity - 1)];
    for (int32_t axis = 0; axis < kAxes; ++axis) counts[axis] = slot.counts[axis];
    *lost_before = slot.lost_before;
    __atomic_store_n(&read_, static_cast<Index>(read + 1), __ATOMIC_RELEASE);
    return true;
  }

  /// Consumer: whether there is nothing to take.
  bool empty() const {
    return __atomic_load_n(&written_, __ATOMIC_ACQUIRE) == __atomic_load_n(&read_, __ATOMIC_RELAXED);
  }

  /// Samples lost since the last one that fitted; only while the producer is stopped.
  uint16_t lost_at_end() const { return lost_; }

 private:
  struct Slot {
    int16_t counts[kAxes];
    uint16_t lost_before;
  };
  Slot slots_[kCapacity] = {};
  uint16_t lost_ = 0;  ///< the producer's own
  Index written_ = 0;  ///< runs freely, written by the producer
  Index read_ = 0;     ///< runs freely, written by the consumer
};

}  // namespace runtime
}  // namespace mote
