// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string_view>

#include "tflite_schema/tflite_generated.h"

namespace mote::ops {

/// Why Mote does not have an operator: the reason in refused.def, or that it is missing.
std::string_view refusal(tflite_schema::BuiltinOperator code);

/// Why Mote does not have a custom operator with that name, likewise.
std::string_view refusal_of_custom(std::string_view name);

/// A custom operator in refused.def.
struct RefusedCustom {
  std::string_view name;  ///< with a * at its end: of all that begin so
  std::string_view reason;
};

/// In the order of refused.def.
std::span<const RefusedCustom> refused_customs();

}  // namespace mote::ops
