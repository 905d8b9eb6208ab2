// SPDX-License-Identifier: Apache-2.0
#pragma once

// Functions of one operand by table: every function of int8, and LOGISTIC and TANH of int16.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/flash.h"
#include "mote/core/sigmoid.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

struct LookupShape {
  int32_t count;
};

struct LookupTables {
  Flash<int8_t> values;  ///< [256], the result of input n at (n + 256) % 256
};

/// out[n] = values[in[n]]: whatever function the host has computed for each of the 256 inputs, bit-exact.
struct Lookup {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const LookupShape& shape, Limits) { return shape.count >= 0; }
  static constexpr int32_t scratch_bytes(const LookupShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const LookupShape&) { return 0; }
  static constexpr int64_t macs(const LookupShape&) { return 0; }

  MOTE_INLINE static void run(const LookupShape& shape, const LookupTables& tables, const int8_t* in,
                              int8_t* out, void* /*scratch*/) {
    for (int32_t index = 0; index < shape.count; ++index)
      out[index] = tables.values[static_cast<uint8_t>(in[index])];
  }
};

/// int16 input to the units of the table: (in * multiplier + half) / 2^shift, rounded down.
struct SigmoidShape {
  int32_t count;
  int32_t multiplier;  ///< 0..32767
  int32_t shift;       ///< 0..31
};

struct SigmoidTables {
  Flash<uint16_t> sigmoid;  ///< kSigmoidTable
};

namespace functions {

struct Logistic {
  MOTE_INLINE static int16_t apply(int32_t x, Flash<uint16_t> table) { return logistic_q15(x, table); }
};
struct Tanh {
  MOTE_INLINE static int16_t apply(int32_t x, Flash<uint16_t> table) { return tanh_q15(x, table); }
};

}  // namespace functions

/// int16 of scale 2^-15 out, bit-exact to TFLite Micro's reference.
template <class Function>
struct SigmoidInt16 {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const SigmoidShape& shape, Limits) {
    return shape.count >= 0 && shape.multiplier >= 0 && shape.multiplier <= 32767 && shape.shift >= 0 &&
           shape.shift <= 31;
  }
  static constexpr int32_t scratch_bytes(const SigmoidShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const SigmoidShape&) { return 0; }
  static constexpr int64_t macs(const SigmoidShape&) { return 0; }

  MOTE_INLINE static void run(const SigmoidShape& shape, const SigmoidTables& tables, const int16_t* in,
                              int16_t* out, void* /*scratch*/) {
    const int32_t half = shape.shift > 0 ? int32_t{1} << (shape.shift - 1) : 0;
    for (int32_t index = 0; index < shape.count; ++index)
      out[index] = Function::apply((in[index] * shape.multiplier + half) >> shape.shift, tables.sigmoid);
  }
};

using LogisticInt16 = SigmoidInt16<functions::Logistic>;
using TanhInt16 = SigmoidInt16<functions::Tanh>;

}  // namespace kernels
}  // namespace mote
