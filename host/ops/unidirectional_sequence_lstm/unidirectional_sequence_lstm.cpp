// SPDX-License-Identifier: Apache-2.0
#include "ops/unidirectional_sequence_lstm/unidirectional_sequence_lstm.h"

#include <fmt/format.h>

#include <cmath>

#include "ops/ops.h"

namespace mote::ops::unidirectional_sequence_lstm {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  Attributes result;
  result.cell_clip = reader.real("cell_clip");
  result.time_major = reader.boolean("time_major");
  MOTE_CHECK(reader.finish());
  if (!(result.cell_clip >= 0 && std::isfinite(static_cast<float>(result.cell_clip))))
    return fail(ErrorKind::kInput,
                fmt::format("{}: attribute 'cell_clip' is {}, expected 0 or a positive float32",
                            describe(graph, node), result.cell_clip));
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {
      {"cell_clip", attributes.cell_clip},
      {"time_major", std::int64_t{attributes.time_major}},
  };
}

}  // namespace mote::ops::unidirectional_sequence_lstm
