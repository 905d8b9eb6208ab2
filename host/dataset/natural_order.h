// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace mote::dataset {

/// Order of names in which numbers count by value: s2 before s10. A strict weak order: names that differ only
/// in leading zeros are ordered as text.
struct NaturalLess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

}  // namespace mote::dataset
