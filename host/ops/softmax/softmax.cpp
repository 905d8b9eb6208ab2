// SPDX-License-Identifier: Apache-2.0
#include "ops/softmax/softmax.h"

#include <fmt/format.h>

#include "ops/ops.h"

namespace mote::ops::softmax {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  Attributes result;
  result.beta = reader.real("beta");
  MOTE_CHECK(reader.finish());
  if (!(result.beta > 0 && result.beta <= kMaximumBeta))
    return fail(ErrorKind::kInput, fmt::format("{}: attribute 'beta' is {}, expected above 0 and at most {}",
                                               describe(graph, node), result.beta, kMaximumBeta));
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {
      {"beta", attributes.beta},
  };
}

}  // namespace mote::ops::softmax
