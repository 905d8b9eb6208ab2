// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "check/check.h"

namespace mote::check {

std::string reference_page() {
  std::string page =
      "# Deployment checklist\n\n"
      "Made from the items themselves by `mote check --list`; a test keeps it so.\n\n"
      "`mote check` judges every item from the facts in `run/`, shows what it found, and ends with exit code "
      "1 if one\n"
      "fails. `mote check --release` also wants every manual item signed off and enough data for every "
      "claim.\n";
  for (const Item* item : items())
    page += fmt::format("\n## {}\n\n{}.\n\n- Why: {}\n- If it fails: {}\n", item->id, item->title, item->why,
                        item->fix);
  return page;
}

}  // namespace mote::check
