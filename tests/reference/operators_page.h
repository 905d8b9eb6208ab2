// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

namespace mote::test {

/// docs/reference/operators.md: which operators of TensorFlow Lite Mote has for which types, found by trying,
/// and why it has no others.
std::string operators_page();

}  // namespace mote::test
