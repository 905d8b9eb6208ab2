// SPDX-License-Identifier: Apache-2.0
// Signal blocks give on this core what they gave on the host.
#include <stdint.h>

#include "cases.h"
#include "dsp_checks.h"
#include "platform.h"

int main() {
  const dsp_checks::Tables tables = {window, twiddles, short_twiddles, widths, weights, unweights, gains};
  int32_t failures = 0;
  for (int32_t index = 0; index < dsp_checks::kCheckCount; ++index) {
    if (dsp_checks::kChecks[index].run(tables) == expected[index]) continue;
    ++failures;
    platform::write(dsp_checks::kChecks[index].block);
    platform::write(" differs from the host\n");
  }
  if (failures != 0) return 1;
  platform::write("passed ");
  platform::write(dsp_checks::kCheckCount * dsp_checks::kFrames);
  platform::write(" runs\n");
  return 0;
}
