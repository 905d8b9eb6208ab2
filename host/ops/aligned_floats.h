// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace mote::ops {

/// A block of floats that starts on a 64-byte border, as TrainingPass wants them; zero at first.
class AlignedFloats {
 public:
  static constexpr std::int64_t kFloatsPerBlock = 16;  ///< 64 bytes

  AlignedFloats() = default;
  explicit AlignedFloats(std::int64_t count)
      : count_(count),
        data_(static_cast<float*>(
            ::operator new(static_cast<std::size_t>(padded(count)) * sizeof(float), std::align_val_t{64}))) {
    std::fill_n(data_.get(), padded(count), 0.0f);
  }

  /// `count` rounded up to whole 64-byte blocks: where the next buffer in the same memory may start.
  static std::int64_t padded(std::int64_t count) {
    return (count + kFloatsPerBlock - 1) / kFloatsPerBlock * kFloatsPerBlock;
  }

  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  std::int64_t size() const { return count_; }
  float* begin() { return data(); }
  float* end() { return data() + count_; }
  float& operator[](std::int64_t index) { return data()[index]; }
  float operator[](std::int64_t index) const { return data()[index]; }

 private:
  struct Free {
    void operator()(float* data) const { ::operator delete(data, std::align_val_t{64}); }
  };
  std::int64_t count_ = 0;
  std::unique_ptr<float, Free> data_;
};

}  // namespace mote::ops
