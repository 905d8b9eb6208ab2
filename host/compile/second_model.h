// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "core/error.h"
#include "graph/graph.h"

namespace mote::compile {

/// Refuses a second model that does not take the same samples and windows as the first: the same sensors in
/// the same order, each with the same kind, axes, unit and range, at the same rate within 1 %, and as many
/// samples a window. Errors (kInput): both values, with `where` as the second model's place.
Result<void> require_same_input(const graph::Graph& first, const graph::Graph& second,
                                std::string_view where);

/// The identifier of a second model, which is never the first one's.
std::string second_identifier(std::string_view first_identifier, std::string_view second_name);

}  // namespace mote::compile
