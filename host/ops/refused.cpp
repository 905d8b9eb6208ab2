// SPDX-License-Identifier: Apache-2.0
#include "ops/refused.h"

namespace mote::ops {

std::string_view refusal(tflite_schema::BuiltinOperator code) {
  switch (code) {
#define MOTE_REFUSED(name, reason)           \
  case tflite_schema::BuiltinOperator::name: \
    return reason;
#include "ops/refused.def"
#undef MOTE_REFUSED
    default:
      return "Mote does not have this operator";
  }
}

std::string_view refusal_of_custom(std::string_view name) {
  if (name == "ethos-u")
    return "compiled for an Arm Ethos-U, whose instructions only that accelerator runs; import the model as "
           "it was "
           "before its compiler (Vela)";
  return "Mote does not have this custom operator";
}

}  // namespace mote::ops
