// SPDX-License-Identifier: Apache-2.0
// Prints docs/reference/faults.md: `ninja mote_faults_page && host/firmware/mote_faults_page >
// docs/reference/faults.md`.
#include <cstdio>

#include "firmware/faults.h"

int main() {
  std::fputs(mote::firmware::faults_page().c_str(), stdout);
  return 0;
}
