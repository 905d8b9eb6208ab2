// SPDX-License-Identifier: Apache-2.0
#pragma once

// What functions of one operand have in common.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {
namespace detail {

/// T as it is read from memory that may have been written as another type: a kernel may overlay its input.
template <class T>
struct Overlaid {
  typedef T Type __attribute__((__may_alias__));
};

}  // namespace detail

/// out[n] = Function::apply(shape, in[n]), where Function names the types Shape (with a count), In and Out
/// and says which shapes it is defined for.
template <class Function>
struct Elementwise {
  using Shape = typename Function::Shape;
  using In = typename Function::In;
  using Out = typename Function::Out;

  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const Shape& shape, Limits) {
    return shape.count >= 0 && shape.count < (int32_t{1} << 28) && Function::defined(shape);
  }
  static constexpr int32_t scratch_bytes(const Shape&) { return 0; }

  /// In place unless outputs are larger than inputs; then the last input lies where the last output begins to
  /// be behind it: element n is written after elements 0..n were read.
  static constexpr int32_t input_ahead_bytes(const Shape& shape) {
    return sizeof(Out) > sizeof(In) && shape.count > 0
               ? (shape.count - 1) * static_cast<int32_t>(sizeof(Out) - sizeof(In))
               : 0;
  }
  static constexpr int64_t macs(const Shape&) { return 0; }

  MOTE_INLINE static void run(const Shape& shape, const In* in, Out* out, void* /*scratch*/) {
    const typename detail::Overlaid<In>::Type* input = in;
    for (int32_t index = 0; index < shape.count; ++index) out[index] = Function::apply(shape, input[index]);
  }
};

}  // namespace kernels
}  // namespace mote
