// SPDX-License-Identifier: Apache-2.0
#pragma once
// Seeded cases over which a kernel is compared with TFLite Micro's reference kernel: the CRC-32 of all
// outputs was recorded from there (commit 90b983c2, x86-64, GCC 12, -ffp-contract=off).
#include <cstdint>
#include <vector>

#include "kernel_test.h"
#include "mote/core/crc.h"
#include "mote/kernels/arg_min_max.h"
#include "mote/kernels/cumsum.h"
#include "mote/kernels/reduce.h"
#include "mote/kernels/resize.h"

namespace mote::kernels::test {

/// Folds outputs into one number.
class Digest {
 public:
  template <class T>
  void add(const std::vector<T>& values) {
    crc_ = crc32_update(crc_, reinterpret_cast<const uint8_t*>(values.data()),
                        static_cast<int32_t>(values.size() * sizeof(T)));
  }
  uint32_t value() const { return crc32_finish(crc_); }

 private:
  uint32_t crc_ = kCrc32Initial;
};

/// All of int8 or int16; for floats, thirds that sums have to round.
template <class T>
std::vector<T> any_values(Random& random, int32_t count) {
  if constexpr (!std::is_floating_point_v<T>)
    return random.values<T>(count, std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
  std::vector<T> values;
  for (int32_t index = 0; index < count; ++index)
    values.push_back(static_cast<T>(static_cast<float>(random.uniform(-100000, 100000)) / 3.0f));
  return values;
}

/// `resize(shape, in)` returns the output; both modes of alignment only if `both`. Outputs are small, because
/// TFLite's bilinear kernels for integers read outside of the input where (output size)^2 exceeds 2,048 times
/// the input's.
template <class T, class Resize>
uint32_t sweep_resize(bool both, Resize resize) {
  Random random(20);
  Digest digest;
  for (int32_t repeat = 0; repeat < 600; ++repeat) {
    ResizeShape shape = {random.uniform(1, 2),
                         random.uniform(1, 9),
                         random.uniform(1, 9),
                         random.uniform(1, 2),
                         random.uniform(1, 40),
                         random.uniform(1, 40),
                         false,
                         false,
                         Rounding::kDouble};
    const int32_t mode = random.uniform(0, both ? 3 : 2);
    shape.align_corners = mode == 1 || mode == 3;
    shape.half_pixel_centers = mode == 2 || mode == 3;
    digest.add(resize(
        shape, any_values<T>(random, shape.batch * shape.in_height * shape.in_width * shape.channels)));
  }
  return digest.value();
}

/// A reduction as TFLite has it.
struct ReduceCase {
  std::vector<int32_t> extents;
  std::vector<bool> reduced;
  int32_t input_zero_point;
  int32_t output_zero_point;
  Requantization factor;  ///< input scale / output scale
};

/// The kernel's shape for a case; `mean`: with the factor divided by the count.
inline ReduceShape reduce_shape(const ReduceCase& test, bool mean) {
  ReduceShape shape = {{1, 1, 1}, {}, {1, 1, 1},        {}, test.input_zero_point, test.output_zero_point,
                       0,         0,  Rounding::kDouble};
  int32_t kept = kReduceAxes, reduced = kReduceAxes, stride = 1;
  for (size_t axis = test.extents.size(); axis-- > 0;) {
    const bool joins = axis + 1 < test.extents.size() && test.reduced[axis] == test.reduced[axis + 1];
    int32_t& place = test.reduced[axis] ? reduced : kept;
    if (!joins) --place;
    int32_t& extent = (test.reduced[axis] ? shape.reduced : shape.kept)[place];
    if (!joins) (test.reduced[axis] ? shape.reduced_strides : shape.kept_strides)[place] = stride;
    extent *= test.extents[axis];
    stride *= test.extents[axis];
  }
  const Requantization factor = mean ? mean_factor(test.factor, detail::reduced_count(shape)) : test.factor;
  shape.multiplier = factor.multiplier;
  shape.shift = factor.shift;
  return shape;
}

/// `reduce(case, in)` returns the output.
template <class T, class Reduce>
uint32_t sweep_reduce(Reduce reduce) {
  Random random(21);
  Digest digest;
  for (int32_t repeat = 0; repeat < 1500; ++repeat) {
    ReduceCase test;
    int32_t elements = 1;
    for (int32_t axis = random.uniform(0, 4); axis < 5; ++axis) {
      test.extents.push_back(random.uniform(1, repeat % 10 == 0 ? 12 : 4));
      test.reduced.push_back(random.uniform(0, 1) == 1);
      elements *= test.extents.back();
    }
    const bool wide = sizeof(T) == 2;
    test.input_zero_point = wide ? 0 : random.extreme_or_uniform(-128, 127);
    test.output_zero_point = wide ? 0 : random.extreme_or_uniform(-128, 127);
    test.factor = {random.extreme_or_uniform(1 << 30, INT32_MAX), random.uniform(-30, 3)};
    digest.add(reduce(test, any_values<T>(random, elements)));
  }
  return digest.value();
}

/// `cumsum(shape, in)` returns the output.
template <class T, class Cumsum>
uint32_t sweep_cumsum(Cumsum cumsum) {
  Random random(22);
  Digest digest;
  for (int32_t repeat = 0; repeat < 500; ++repeat) {
    const CumsumShape shape = {random.uniform(1, 4),
                               random.uniform(1, 14),
                               random.uniform(1, 4),
                               random.uniform(0, 1) == 1,
                               random.uniform(0, 1) == 1,
                               random.extreme_or_uniform(-128, 127),
                               random.extreme_or_uniform(-128, 127),
                               random.extreme_or_uniform(1 << 30, INT32_MAX),
                               random.uniform(-24, -16),
                               Rounding::kDouble};
    digest.add(cumsum(shape, any_values<T>(random, shape.outer * shape.depth * shape.inner)));
  }
  return digest.value();
}

/// `find(shape, in)` returns the positions.
template <class T, class Find>
uint32_t sweep_arg_min_max(Find find) {
  Random random(23);
  Digest digest;
  for (int32_t repeat = 0; repeat < 500; ++repeat) {
    const ArgMinMaxShape shape = {random.uniform(1, 4), random.uniform(1, 9), random.uniform(1, 4)};
    digest.add(find(shape, any_values<T>(random, shape.outer * shape.axis * shape.inner)));
  }
  return digest.value();
}

}  // namespace mote::kernels::test
