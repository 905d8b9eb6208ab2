// SPDX-License-Identifier: Apache-2.0
#include "report/section.h"

#include <fmt/format.h>

namespace mote::report {

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

std::string with_thousands(std::int64_t value) {
  const std::string digits = fmt::to_string(value);
  std::string result;
  for (std::size_t place = 0; place < digits.size(); ++place) {
    if (place > 0 && digits[place - 1] != '-' && (digits.size() - place) % 3 == 0) result += ',';
    result += digits[place];
  }
  return result;
}

std::string bytes(double amount) {
  if (amount < 10 * 1024) return with_thousands(static_cast<std::int64_t>(amount)) + " B";
  if (amount < 1024 * 1024) return fmt::format("{:.1f} KB", amount / 1024);
  return fmt::format("{:.1f} MB", amount / (1024 * 1024));
}

const Json& last_stage(const Json& diagnosis) {
  const Json& stages = diagnosis.at("stages");
  std::size_t last = 0;
  for (std::size_t place = 0; place < stages.size(); ++place)
    if (stages[place].contains("accuracy")) last = place;
  return stages.at(last);
}

}  // namespace mote::report
