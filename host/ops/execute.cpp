// SPDX-License-Identifier: Apache-2.0
#include "ops/execute.h"

#define MOTE_OP(name)            \
  namespace name {               \
  extern const Execute kExecute; \
  }
namespace mote::ops {
#include "ops_execute.def"
}  // namespace mote::ops
#undef MOTE_OP

namespace mote::ops {

const Execute* find_execute(std::string_view op) {
#define MOTE_OP(name) \
  if (op == #name) return &name::kExecute;
#include "ops_execute.def"
#undef MOTE_OP
  return nullptr;
}

}  // namespace mote::ops
