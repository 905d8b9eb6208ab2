// SPDX-License-Identifier: Apache-2.0
#include "ops/quantization.h"

#define MOTE_OP(name)                      \
  namespace name {                         \
  extern const Quantization kQuantization; \
  }
namespace mote::ops {
#include "ops_quantization.def"
}  // namespace mote::ops
#undef MOTE_OP

namespace mote::ops {

const Quantization* find_quantization(std::string_view op) {
#define MOTE_OP(name) \
  if (op == #name) return &name::kQuantization;
#include "ops_quantization.def"
#undef MOTE_OP
  return nullptr;
}

}  // namespace mote::ops
