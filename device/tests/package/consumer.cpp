// SPDX-License-Identifier: Apache-2.0
#include "mote/core/fixed_point.h"
#include "mote/kernels/fully_connected_variants.h"

int main() {
  return mote::requantize(8, mote::Requantization{1 << 30, -1}) == 2 ? 0 : 1;
}
