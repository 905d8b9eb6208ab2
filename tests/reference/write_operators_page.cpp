// SPDX-License-Identifier: Apache-2.0
// Prints docs/reference/operators.md.
#include <cstdio>

#include "operators_page.h"

int main() {
  return std::fputs(mote::test::operators_page().c_str(), stdout) < 0 ? 1 : 0;
}
