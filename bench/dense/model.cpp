// SPDX-License-Identifier: Apache-2.0
// The network as generated code has it: shapes and tables are constants, memory is planned by hand here.
#include <stdint.h>

#include "mote/kernels/fully_connected_variants.h"
#include "mote/kernels/softmax.h"

namespace {
#include "tables.h"

using mote::kernels::FullyConnectedTables;

constexpr mote::kernels::SoftmaxShape kSoftmax = {1, 3, 1717986918, 23, -247};

static_assert(Variant::input_ahead_bytes(kShape1) <= 32 && Variant::scratch_bytes(kShape1) == 0,
              "memory plan");
static_assert(Variant::input_ahead_bytes(kShape3) <= 32 && Variant::scratch_bytes(kShape2) == 0,
              "memory plan");
}  // namespace

extern const int8_t* const bench_input = kInput;

// memory[332]: input at 32; layer 1 writes 0..31, layer 2 writes 32..47, layer 3 and softmax write 0..2.
void run_model(uint8_t* memory) {
  int8_t* const low = reinterpret_cast<int8_t*>(memory);
  int8_t* const high = low + 32;
  Variant::run(kShape1, FullyConnectedTables{kWeights1, kBias1, kMultiplier1, kShift1}, high, low, nullptr);
  Variant::run(kShape2, FullyConnectedTables{kWeights2, kBias2, kMultiplier2, kShift2}, low, high, nullptr);
  Variant::run(kShape3, FullyConnectedTables{kWeights3, kBias3, kMultiplier3, kShift3}, high, low, nullptr);
  mote::kernels::SoftmaxReference<int8_t>::run(kSoftmax, low, low, nullptr);
}
