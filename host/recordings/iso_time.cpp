// SPDX-License-Identifier: Apache-2.0
#include "recordings/iso_time.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "core/text.h"

namespace mote::recordings {
namespace {

/// Reads numbers of a fixed width and separators from the front of a text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = 10 * value + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  char front() const { return rest_.empty() ? '\0' : rest_.front(); }

 private:
  std::string_view rest_;
};

std::optional<std::int64_t> day_start(Cursor& cursor) {
  using namespace std::chrono;
  const auto year_number = cursor.digits(4);
  if (!year_number || !cursor.take("-")) return std::nullopt;
  const auto month_number = cursor.digits(2);
  if (!month_number || !cursor.take("-")) return std::nullopt;
  const auto day_number = cursor.digits(2);
  if (!day_number) return std::nullopt;
  const year_month_day date(year(*year_number), month(static_cast<unsigned>(*month_number)),
                            day(static_cast<unsigned>(*day_number)));
  if (!date.ok() || *year_number < 1) return std::nullopt;
  return milliseconds(sys_days(date).time_since_epoch()).count();
}

/// "HH:MM" as minutes.
std::optional<std::int64_t> clock_minutes(Cursor& cursor) {
  const auto hour = cursor.digits(2);
  if (!hour || !cursor.take(":")) return std::nullopt;
  const auto minute = cursor.digits(2);
  if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
  return 60 * *hour + *minute;
}

/// ":SS[.f...]" as milliseconds; 0 if there is none.
std::optional<std::int64_t> seconds_part(Cursor& cursor) {
  if (!cursor.take(":")) return 0;
  const auto second = cursor.digits(2);
  if (!second || *second > 59) return std::nullopt;
  std::int64_t result = 1000 * *second;
  if (!cursor.take(".")) return result;
  std::int64_t weight = 100;
  int count = 0;
  for (; cursor.front() >= '0' && cursor.front() <= '9'; ++count) {
    result += weight * *cursor.digits(1);
    weight /= 10;
  }
  return count == 0 ? std::nullopt : std::optional(result);
}

/// "Z", "+HH:MM", "-HH:MM" or nothing, as milliseconds ahead of UTC.
std::optional<std::int64_t> zone(Cursor& cursor) {
  if (cursor.done() || cursor.take("Z")) return 0;
  const bool west = cursor.front() == '-';
  if (!cursor.take("+-")) return std::nullopt;
  const auto minutes = clock_minutes(cursor);
  if (!minutes) return std::nullopt;
  return (west ? -60000 : 60000) * *minutes;
}

std::optional<std::int64_t> parse(std::string_view text) {
  Cursor cursor(text);
  auto time = day_start(cursor);
  if (!time || cursor.done()) return time;
  if (!cursor.take("T ")) return std::nullopt;
  const auto minutes = clock_minutes(cursor);
  if (!minutes) return std::nullopt;
  const auto milliseconds = seconds_part(cursor);
  if (!milliseconds) return std::nullopt;
  const auto ahead = zone(cursor);
  if (!ahead || !cursor.done()) return std::nullopt;
  return *time + 60000 * *minutes + *milliseconds - *ahead;
}

}  // namespace

Result<std::int64_t> parse_time(std::string_view text) {
  const auto time = parse(text);
  if (time.has_value()) return *time;
  return fail(ErrorKind::kInput, fmt::format("'{}' is not a time", escape_comment(text.substr(0, 40))), "",
              "write it as 2026-01-31T10:20:30, with Z or +01:00 behind it if it is not UTC");
}

std::string format_time(std::int64_t milliseconds) {
  using namespace std::chrono;
  const sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(milliseconds)};
  const auto start = floor<days>(time);
  const year_month_day date{start};
  const hh_mm_ss clock{time - start};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

}  // namespace mote::recordings
