// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

#include "tflite_schema/tflite_generated.h"

namespace mote::ops {

/// Why Mote does not have an operator: the reason in refused.def, or that it is missing.
std::string_view refusal(tflite_schema::BuiltinOperator code);

/// Why Mote does not have a custom operator with that name.
std::string_view refusal_of_custom(std::string_view name);

}  // namespace mote::ops
