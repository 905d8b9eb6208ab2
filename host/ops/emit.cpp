// SPDX-License-Identifier: Apache-2.0
#include "ops/emit.h"

#define MOTE_OP(name)      \
  namespace name {         \
  extern const Emit kEmit; \
  }
namespace mote::ops {
#include "ops_emit.def"
}  // namespace mote::ops
#undef MOTE_OP

namespace mote::ops {

const Emit* find_emit(std::string_view op) {
#define MOTE_OP(name) \
  if (op == #name) return &name::kEmit;
#include "ops_emit.def"
#undef MOTE_OP
  return nullptr;
}

}  // namespace mote::ops
