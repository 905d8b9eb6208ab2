// SPDX-License-Identifier: Apache-2.0
#include "other.h"

#include "mote/core/crc.h"

namespace mote_models {
namespace other {
namespace {

const int8_t kWeights[60] MOTE_FLASH_DATA = {
    3,  -7, 12, 9,   -4, 1,  -11, 8,  5,  -2, 14,  -9, 6,  -13, 2, 10, -5, 7,  -1, 4,
    -8, 11, -3, -12, 13, -6, 9,   -4, 2,  7,  -10, 5,  8,  -14, 1, -2, 6,  12, -7, 3,
    -9, 4,  10, -1,  -5, 13, -8,  2,  11, -3, 7,   -6, 14, -12, 5, 9,  -2, 1,  -4, 8,
};

}  // namespace

void Model::run(uint8_t* memory) {
  const int8_t* const in = input(memory);
  const mote::Flash<int8_t> weights(kWeights);
  int32_t sum = 0;
  for (int32_t column = 0; column < 60; ++column) sum += in[column] * weights[column];
  sum >>= 5;
  for (int32_t index = 0; index < kMemoryBytes; ++index) memory[index] = 0xA5;
  const int32_t clamped = sum > 127 ? 127 : (sum < -128 ? -128 : sum);
  memory[0] = static_cast<uint8_t>(static_cast<int8_t>(clamped));
  memory[1] = static_cast<uint8_t>(static_cast<int8_t>(-1 - clamped));
}

uint32_t Model::weights_crc32() {
  return mote::crc32_finish(mote::crc32_update(mote::kCrc32Initial, mote::Flash<int8_t>(kWeights), 60));
}

}  // namespace other
}  // namespace mote_models
