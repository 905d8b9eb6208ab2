// SPDX-License-Identifier: Apache-2.0
#include "ops/pool_2d_tflite.h"

namespace mote::ops::l2_pool_2d {

constexpr tflite_schema::BuiltinOperator kCodes[] = {tflite_schema::BuiltinOperator::L2_POOL_2D};

extern const Tflite kTflite = {kCodes, read_pool_2d, write_pool_2d, version_of_pool_2d};

}  // namespace mote::ops::l2_pool_2d
