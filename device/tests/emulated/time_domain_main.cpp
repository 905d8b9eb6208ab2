// SPDX-License-Identifier: Apache-2.0
// Compares the outputs of every signal block on the core itself with what the host's build of the same block
// gave.
#include <stdint.h>

#include "cases.h"
#include "platform.h"
#include "time_domain_cases.h"

namespace {

constexpr uint32_t kExpected[] = {k_iir_low_pass, k_iir_high_pass, k_iir_band_pass, k_rectify,
                                  k_difference,   k_magnitude,     k_decimate,      k_detrend_mean,
                                  k_detrend_line, k_statistics};

int32_t runs = 0;
int32_t failures = 0;

void check_time_domain() {
  time_domain::for_each([](const char* name, uint32_t crc) {
    if (crc != kExpected[runs++]) {
      ++failures;
      platform::write(name);
      platform::write(" differs\n");
    }
  });
}

}  // namespace

int main() {
  check_time_domain();
  platform::write(failures == 0 && runs > 0 ? "passed " : "failed ");
  platform::write(runs);
  platform::write(" runs\n");
  return failures == 0 ? 0 : 1;
}
