// SPDX-License-Identifier: Apache-2.0
#include "core/evidence.h"

#include "core/hash.h"

namespace mote {

Evidence read_evidence(const std::filesystem::path& project) {
  Evidence evidence;
  for (const std::string_view stage : kStages) {
    StageEvidence& entry = evidence[std::string(stage)];
    const auto path = fact_path(project, stage);
    entry.document = path.lexically_proximate(project).generic_string();
    entry.sha256 = sha256_of_file(path).value_or("");
    auto fact = read_whole_fact(project, {.stage = std::string(stage), .version = 1});
    if (fact.has_value())
      entry.fact = std::move(*fact);
    else
      entry.problem = std::move(fact.error());
  }
  return evidence;
}

}  // namespace mote
