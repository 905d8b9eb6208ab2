// SPDX-License-Identifier: Apache-2.0
#include "ops/pool_2d_tflite.h"

namespace mote::ops::max_pool_2d {

extern const Tflite kTflite = {tflite_schema::BuiltinOperator::MAX_POOL_2D, read_pool_2d, write_pool_2d,
                               version_of_pool_2d};

}  // namespace mote::ops::max_pool_2d
