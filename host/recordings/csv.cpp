// SPDX-License-Identifier: Apache-2.0
#include "recordings/csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/text.h"

namespace mote::recordings {
namespace {

constexpr std::size_t kMaxLineBytes = 4096;
constexpr std::size_t kMaxColumns = 256;

using Fields = std::vector<std::string_view>;

/// A field of the file as it may stand in a message.
std::string shown(std::string_view field) {
  return fmt::format("'{}{}'", escape_comment(field.substr(0, 32)), field.size() > 32 ? "..." : "");
}

std::string_view without_quotes(std::string_view field) {
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
    return trim(field.substr(1, field.size() - 2));
  return field;
}

void split_line(std::string_view line, char separator, Fields& fields) {
  fields.clear();
  for (;;) {
    const auto end = line.find(separator);
    fields.push_back(without_quotes(trim(line.substr(0, end))));
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
  }
}

/// The number that `field` spells, NaN and infinity included; none if it spells no number.
std::optional<double> number_in(std::string_view field) {
  if (field.starts_with('+')) field.remove_prefix(1);
  double value = 0;
  const auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (field.empty() || end != field.data() + field.size()) return std::nullopt;
  if (code == std::errc::result_out_of_range) return HUGE_VAL;  // what it would be as a double
  if (code != std::errc()) return std::nullopt;
  return value;
}

/// Which column holds what.
struct Columns {
  std::size_t count = 0;
  std::vector<std::size_t> axes;  ///< in the sensor's order
  std::optional<std::size_t> time;
  std::optional<std::size_t> label;
};

class CsvParser {
 public:
  CsvParser(std::string_view text, std::string_view where, const project::SensorDescription& sensor,
            const CsvOptions& options)
      : text_(text), where_(where), sensor_(sensor), options_(options), axis_names_(sensor.axis_names()) {
    for (const auto& group : sensor.groups) limits_.resize(limits_.size() + group.axes.size(), group.range);
  }

  Result<std::vector<Capture>> parse();

 private:
  std::string here() const { return fmt::format("{}:{}", where_, line_number_); }
  std::string here(std::size_t column) const { return fmt::format("{}:{}", here(), column + 1); }

  Result<void> check_text() const;
  bool next_line();
  Result<void> take_first_line();
  Result<bool> is_heading() const;
  Result<void> locate_columns();
  Result<void> locate_axes();
  Result<void> locate_axes_by_order();
  std::vector<std::size_t> columns_named(std::string_view name) const;
  Result<std::size_t> column(std::string_view reference, std::string_view option) const;
  Result<void> take_line();
  Result<double> number(std::size_t column) const;
  Result<void> take_values(Capture& block);
  Result<void> take_time(Capture& block);
  void take_label(Capture& block);

  std::string_view text_;
  std::string_view where_;
  const project::SensorDescription& sensor_;
  const CsvOptions& options_;
  std::vector<std::string> axis_names_;
  std::vector<double> limits_;  ///< [axis], range

  std::size_t position_ = 0;
  std::int64_t line_number_ = 0;
  std::string_view line_;
  bool line_is_cut_off_ = false;  ///< no newline at its end
  char separator_ = ',';
  Fields fields_;
  std::string_view heading_line_;
  std::vector<std::string> heading_;  ///< empty if there is none
  Columns columns_;
  bool new_block_ = true;
  std::vector<Capture> blocks_;
};

Result<void> CsvParser::check_text() const {
  if (text_.find('\0') != std::string_view::npos)
    return fail(ErrorKind::kInput, "is not text: it holds zero bytes", std::string(where_),
                "export it as CSV in UTF-8");
  return {};
}

bool CsvParser::next_line() {
  if (position_ >= text_.size()) return false;
  const auto end = text_.find('\n', position_);
  line_is_cut_off_ = end == std::string_view::npos;
  line_ = trim(text_.substr(position_, line_is_cut_off_ ? end : end - position_));
  position_ = line_is_cut_off_ ? text_.size() : end + 1;
  ++line_number_;
  return true;
}

Result<std::vector<Capture>> CsvParser::parse() {
  MOTE_CHECK(check_text());
  if (text_.starts_with("\xEF\xBB\xBF")) position_ = 3;  // byte order mark
  bool first = true;
  while (next_line()) {
    if (line_.size() > kMaxLineBytes)
      return fail(ErrorKind::kInput,
                  fmt::format("line has {} characters, at most {} are read", line_.size(), kMaxLineBytes),
                  here(), "check that this is a CSV file with one sample a line");
    if (line_.empty()) {
      new_block_ = true;
      continue;
    }
    if (first) {
      MOTE_CHECK(take_first_line());
      first = false;
      if (!heading_.empty()) continue;
    }
    if (new_block_ && !heading_line_.empty() && line_ == heading_line_) continue;  // repeated for a capture
    MOTE_CHECK(take_line());
  }
  if (blocks_.empty())
    return fail(ErrorKind::kInput, "no samples in the file", std::string(where_),
                "check that the recording was saved");
  return std::move(blocks_);
}

Result<void> CsvParser::take_first_line() {
  for (const char candidate : {',', ';', '\t'})
    if (line_.find(candidate) != std::string_view::npos) {
      separator_ = candidate;
      break;
    }
  split_line(line_, separator_, fields_);
  columns_.count = fields_.size();
  if (columns_.count > kMaxColumns)
    return fail(ErrorKind::kInput,
                fmt::format("line has {} columns, at most {} are read", columns_.count, kMaxColumns), here());
  MOTE_TRY(const bool heading, is_heading());
  if (heading) {
    heading_line_ = line_;
    heading_.assign(fields_.begin(), fields_.end());
  }
  return locate_columns();
}

Result<bool> CsvParser::is_heading() const {
  if (options_.heading.has_value()) return *options_.heading;
  std::size_t numbers = 0;
  for (const auto field : fields_) numbers += number_in(field).has_value() ? 1 : 0;
  if (numbers == 0) return true;
  const bool one_label = options_.label_column.has_value() && numbers + 1 == fields_.size();
  if (numbers == fields_.size() || one_label) return false;
  return fail(ErrorKind::kInput,
              fmt::format("first line has {} numbers and {} other columns: heading or data?", numbers,
                          fields_.size() - numbers),
              here(), "say --header or --no-header");
}

std::vector<std::size_t> CsvParser::columns_named(std::string_view name) const {
  std::vector<std::size_t> exact, folded;
  for (std::size_t column = 0; column < heading_.size(); ++column) {
    if (heading_[column] == name) exact.push_back(column);
    if (lower_case(heading_[column]) == lower_case(name)) folded.push_back(column);
  }
  return exact.empty() ? folded : exact;
}

Result<std::size_t> CsvParser::column(std::string_view reference, std::string_view option) const {
  const auto named = columns_named(reference);
  if (named.size() == 1) return named.front();
  if (named.size() > 1)
    return fail(ErrorKind::kInput, fmt::format("{} columns are named {}", named.size(), shown(reference)),
                here(), fmt::format("tell columns by number, from 1, with {}", option));
  std::size_t number = 0;
  const auto [end, code] = std::from_chars(reference.data(), reference.data() + reference.size(), number);
  const bool is_number = code == std::errc() && end == reference.data() + reference.size();
  if (is_number && number >= 1 && number <= columns_.count) return number - 1;
  if (heading_.empty())
    return fail(
        ErrorKind::kInput,
        fmt::format("no column {}: the file has no heading and {} columns", shown(reference), columns_.count),
        here(), fmt::format("give a number from 1 to {} with {}", columns_.count, option));
  return fail(ErrorKind::kInput,
              fmt::format("no column {} among {}", shown(reference),
                          escape_comment(fmt::format("{}", fmt::join(heading_, ", ")).substr(0, 200))),
              here(),
              option == "--columns"
                  ? fmt::format("tell the columns of {} with --columns", fmt::join(axis_names_, ", "))
                  : fmt::format("tell one of these with {}", option));
}

Result<void> CsvParser::locate_columns() {
  if (options_.label_column.has_value()) {
    MOTE_TRY(columns_.label, column(*options_.label_column, "--label-column"));
  }
  if (options_.time_column.has_value()) {
    MOTE_TRY(columns_.time, column(*options_.time_column, "--time-column"));
  } else {
    for (const std::string_view name : {"timestamp", "time", "time_ms", "t"}) {
      const auto named = columns_named(name);
      if (!columns_.time.has_value() && named.size() == 1) columns_.time = named.front();
    }
  }
  return locate_axes();
}

Result<void> CsvParser::locate_axes() {
  if (!options_.columns.empty() && options_.columns.size() != axis_names_.size())
    return fail(ErrorKind::kUsage,
                fmt::format("--columns names {} columns, the sensor has {} axes ({})",
                            options_.columns.size(), axis_names_.size(), fmt::join(axis_names_, ", ")));
  if (options_.columns.empty() && heading_.empty()) return locate_axes_by_order();
  for (std::size_t axis = 0; axis < axis_names_.size(); ++axis) {
    const auto& reference = options_.columns.empty() ? axis_names_[axis] : options_.columns[axis];
    MOTE_TRY(const std::size_t found, column(reference, "--columns"));
    if (std::find(columns_.axes.begin(), columns_.axes.end(), found) != columns_.axes.end() ||
        columns_.time == found || columns_.label == found)
      return fail(ErrorKind::kInput, fmt::format("column {} is used twice", shown(reference)), here());
    columns_.axes.push_back(found);
  }
  return {};
}

Result<void> CsvParser::locate_axes_by_order() {
  for (std::size_t column = 0; column < columns_.count; ++column)
    if (columns_.time != column && columns_.label != column) columns_.axes.push_back(column);
  if (columns_.axes.size() == axis_names_.size()) return {};
  return fail(
      ErrorKind::kInput,
      fmt::format("line has {} columns, expected {} ({}{}{})", columns_.count,
                  axis_names_.size() + columns_.count - columns_.axes.size(), fmt::join(axis_names_, ", "),
                  columns_.time.has_value() ? ", time" : "", columns_.label.has_value() ? ", label" : ""),
      here(), "tell columns by number: --columns 2,3,4 for the axes, --time-column 1 for time stamps");
}

Result<void> CsvParser::take_line() {
  split_line(line_, separator_, fields_);
  if (fields_.size() < columns_.count && line_is_cut_off_)
    return fail(
        ErrorKind::kInput,
        fmt::format("file is cut off in its last line: {} of {} columns", fields_.size(), columns_.count),
        here(), "copy or record it again; remove the line if the rest is whole");
  if (fields_.size() != columns_.count)
    return fail(ErrorKind::kInput,
                fmt::format("line has {} columns, the first line has {}", fields_.size(), columns_.count),
                here(), "every line needs the same columns");
  if (new_block_) {
    blocks_.emplace_back();
    blocks_.back().first_line = line_number_;
    new_block_ = false;
  }
  Capture& block = blocks_.back();
  MOTE_CHECK(take_values(block));
  if (columns_.time.has_value()) MOTE_CHECK(take_time(block));
  take_label(block);
  ++block.samples;
  return {};
}

Result<double> CsvParser::number(std::size_t column) const {
  const auto value = number_in(fields_[column]);
  if (!value.has_value())
    return fail(ErrorKind::kInput, fmt::format("{} is not a number", shown(fields_[column])), here(column),
                separator_ == ';' && fields_[column].find(',') != std::string_view::npos
                    ? "write decimals with a point"
                    : "");
  if (!std::isfinite(*value))
    return fail(ErrorKind::kInput, fmt::format("{} is not a finite number", shown(fields_[column])),
                here(column), "remove the broken samples; a blank line in their place makes two recordings");
  return *value;
}

Result<void> CsvParser::take_values(Capture& block) {
  for (std::size_t axis = 0; axis < columns_.axes.size(); ++axis) {
    MOTE_TRY(const double value, number(columns_.axes[axis]));
    if (std::abs(value) > kWrongUnitFactor * limits_[axis]) {
      std::size_t first = 0;
      const project::SensorGroup* group = nullptr;
      for (const auto& candidate : sensor_.groups) {
        if (axis >= first) group = &candidate;
        first += candidate.axes.size();
      }
      return fail(ErrorKind::kInput,
                  fmt::format("{} of {} is far outside the range of {} {}: wrong unit or range?", value,
                              axis_names_[axis], group->range, project::to_string(group->unit)),
                  here(columns_.axes[axis]), "correct unit or range in mote.toml, or convert the file");
    }
    block.values.push_back(value);
  }
  return {};
}

Result<void> CsvParser::take_time(Capture& block) {
  MOTE_TRY(const double time, number(*columns_.time));
  if (block.time.empty()) block.time_origin = time;
  const double since = time - block.time_origin;
  if (!block.time.empty() && since < block.time.back())
    return fail(ErrorKind::kInput,
                fmt::format("time stamp {} is before that of the line above", shown(fields_[*columns_.time])),
                here(*columns_.time), "put a blank line between recordings");
  if (!std::isfinite(since))
    return fail(ErrorKind::kInput, fmt::format("time stamp {} is no time", shown(fields_[*columns_.time])),
                here(*columns_.time), "name the right column with --time-column");
  block.time.push_back(since);
  return {};
}

void CsvParser::take_label(Capture& block) {
  const std::string_view label = columns_.label.has_value() ? fields_[*columns_.label] : std::string_view();
  if (block.runs.empty() || block.runs.back().label != label)
    block.runs.push_back({std::string(label), block.samples});
}

}  // namespace

Result<std::vector<Capture>> parse_csv(std::string_view text, std::string_view where,
                                       const project::SensorDescription& sensor, const CsvOptions& options) {
  return CsvParser(text, where, sensor, options).parse();
}

}  // namespace mote::recordings
