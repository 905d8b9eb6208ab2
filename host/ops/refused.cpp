// SPDX-License-Identifier: Apache-2.0
#include "ops/refused.h"

namespace mote::ops {
namespace {

#define MOTE_REFUSED(name, reason)
#define MOTE_REFUSED_CUSTOM(name, reason) {name, reason},
constexpr RefusedCustom kCustoms[] = {
#include "ops/refused.def"
};
#undef MOTE_REFUSED
#undef MOTE_REFUSED_CUSTOM

}  // namespace

std::string_view refusal(tflite_schema::BuiltinOperator code) {
  switch (code) {
#define MOTE_REFUSED(name, reason)           \
  case tflite_schema::BuiltinOperator::name: \
    return reason;
#define MOTE_REFUSED_CUSTOM(name, reason)
#include "ops/refused.def"
#undef MOTE_REFUSED
#undef MOTE_REFUSED_CUSTOM
    default:
      return "Mote does not have this operator";
  }
}

std::string_view refusal_of_custom(std::string_view name) {
  for (const RefusedCustom& custom : kCustoms)
    if (custom.name.ends_with('*') ? name.starts_with(custom.name.substr(0, custom.name.size() - 1))
                                   : name == custom.name)
      return custom.reason;
  return "Mote does not have this custom operator";
}

std::span<const RefusedCustom> refused_customs() {
  return kCustoms;
}

}  // namespace mote::ops
