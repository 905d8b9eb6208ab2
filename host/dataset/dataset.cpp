// SPDX-License-Identifier: Apache-2.0
#include "dataset/dataset.h"

namespace mote::dataset {

std::string_view to_string(Part part) {
  switch (part) {
    case Part::kTrain:
      return "train";
    case Part::kValidation:
      return "validation";
    case Part::kTest:
      return "test";
  }
  return "";
}

std::optional<double> Recording::measured_rate_hz() const {
  recordings::RateEstimate estimate;
  estimate.add(time_ms);
  return estimate.rate_hz();
}

std::vector<std::int32_t> Dataset::in_part(Part part) const {
  std::vector<std::int32_t> indices;
  for (std::size_t index = 0; index < recordings.size(); ++index)
    if (recordings[index].part == part) indices.push_back(static_cast<std::int32_t>(index));
  return indices;
}

}  // namespace mote::dataset
