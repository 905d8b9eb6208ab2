// SPDX-License-Identifier: Apache-2.0
#include "simulate/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>

#include "core/text.h"

namespace mote::simulate {
namespace {

constexpr std::size_t kLongestLine = 1024;
constexpr std::int64_t kLargest = INT32_MAX;

constexpr std::string_view kBootKeys[] = {
    "model",      "version",         "date",   "hash", "board", "reset", "sensor",
    "up_at_rest", "rate_millihertz", "window", "hop",  "axes",  "memory"};
constexpr std::string_view kResultKeys[] = {"window",     "class",      "confidence", "decision",
                                            "window_crc", "output_crc", "lost"};
constexpr std::string_view kModelKeys[] = {"model", "version", "date", "hash", "woken_by", "memory"};
constexpr std::string_view kWokenKeys[] = {"model",    "window",     "class",     "confidence",
                                           "decision", "window_crc", "output_crc"};
constexpr std::string_view kFaultKeys[] = {"code", "name", "blinks", "detail"};
constexpr std::string_view kEventKeys[] = {"event", "class", "label", "confidence"};
constexpr std::string_view kHealthKeys[] = {"samples", "lost", "rate_millihertz", "stack_unused"};
constexpr std::string_view kEndKeys[] = {"windows", "samples", "lost", "rate_millihertz", "stack_unused"};

/// The fields of one line, which reads from them and remembers the first thing that is wrong.
class Fields {
 public:
  Fields(std::string_view line, std::span<const std::string_view> keys) : keys_(keys) {
    const auto words = split(line, ' ');
    if (words.size() != keys.size() + 1)
      complain(fmt::format("has {} fields, expected {}", words.size() - 1, keys.size()));
    for (std::size_t index = 0; index < keys.size() && complaint_.empty(); ++index) {
      const std::string_view word = words[index + 1];
      const std::size_t length = keys[index].size();
      if (word.starts_with(keys[index]) && word.size() > length + 1 && word[length] == '=')
        values_.push_back(word.substr(length + 1));
      else
        complain(fmt::format("field {} is '{}', expected {}=<value>", index + 1, escape_comment(word),
                             keys[index]));
    }
  }

  std::string text(std::string_view key) {
    const std::string_view value = find(key);
    const bool plain =
        std::all_of(value.begin(), value.end(), [](char letter) { return letter > ' ' && letter < 127; });
    if (!plain) complain(fmt::format("{} holds a character that is not printable", key));
    return std::string(value);
  }

  std::int64_t number(std::string_view key, std::int64_t low, std::int64_t high) {
    const std::string_view value = find(key);
    std::int64_t result = low;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), result);
    if (parsed.ec != std::errc() || parsed.ptr != value.data() + value.size() || result < low ||
        result > high) {
      complain(fmt::format("{} is '{}', expected {} ... {}", key, escape_comment(value), low, high));
      return low;
    }
    return result;
  }

  std::string crc(std::string_view key) {
    const std::string_view value = find(key);
    const bool hexadecimal =
        value.size() == 4 && value.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    if (!hexadecimal)
      complain(fmt::format("{} is '{}', expected four hexadecimal digits", key, escape_comment(value)));
    return std::string(value);
  }

  const std::string& complaint() const { return complaint_; }

 private:
  void complain(std::string text) {
    if (complaint_.empty()) complaint_ = std::move(text);
  }

  std::string_view find(std::string_view key) const {
    const auto index = static_cast<std::size_t>(std::find(keys_.begin(), keys_.end(), key) - keys_.begin());
    return index < values_.size() ? values_[index] : std::string_view();
  }

  std::span<const std::string_view> keys_;
  std::vector<std::string_view> values_;
  std::string complaint_;
};

std::string read_boot(std::string_view line, Transcript& transcript) {
  Fields fields(line, kBootKeys);
  std::map<std::string, std::string> boot;
  for (const auto key : kBootKeys) boot[std::string(key)] = fields.text(key);
  for (const auto key : {"rate_millihertz", "window", "hop", "axes", "memory"})
    fields.number(key, 1, kLargest);
  if (!fields.complaint().empty()) return fields.complaint();
  if (!transcript.boot.empty()) {
    auto before = transcript.boot;
    before["reset"] = boot["reset"];
    if (boot != before) return "a second boot of another firmware";
    const std::int32_t restarts = transcript.restarts + 1;
    transcript = Transcript{};
    transcript.restarts = restarts;
  }
  transcript.boot = std::move(boot);
  return "";
}

/// Whether the latest window is one that the second model must look at and has not yet.
bool second_is_due(const Transcript& transcript) {
  if (transcript.second.empty() || transcript.windows.empty()) return false;
  const WindowRecord& latest = transcript.windows.back();
  return latest.decision == transcript.second.at("woken_by") &&
         (transcript.woken.empty() || transcript.woken.back().window != latest.window);
}

std::string read_model(std::string_view line, Transcript& transcript) {
  Fields fields(line, kModelKeys);
  if (!transcript.second.empty() || !transcript.windows.empty())
    return "is not the first one behind the boot line";
  for (const auto key : kModelKeys) transcript.second[std::string(key)] = fields.text(key);
  fields.number("memory", 1, kLargest);
  return fields.complaint();
}

std::string read_woken(std::string_view line, Transcript& transcript) {
  Fields fields(line, kWokenKeys);
  if (!second_is_due(transcript)) return "is of a window that does not wake the second model";
  if (const std::string model = fields.text("model"); model != transcript.second.at("model"))
    return fmt::format("is of model '{}', expected '{}'", escape_comment(model),
                       escape_comment(transcript.second.at("model")));
  WokenRecord record;
  const std::int64_t latest = transcript.windows.back().window;
  record.window = fields.number("window", latest, latest);
  record.class_index = static_cast<std::int32_t>(fields.number("class", 0, 254));
  record.confidence = static_cast<std::int32_t>(fields.number("confidence", 0, 255));
  record.decision = fields.text("decision");
  record.window_crc = fields.crc("window_crc");
  record.output_crc = fields.crc("output_crc");
  transcript.woken.push_back(std::move(record));
  return fields.complaint();
}

std::string read_window(std::string_view line, Transcript& transcript) {
  Fields fields(line, kResultKeys);
  WindowRecord record;
  const auto next = static_cast<std::int64_t>(transcript.windows.size());
  record.window = fields.number("window", next, next);
  record.class_index = static_cast<std::int32_t>(fields.number("class", 0, 254));
  record.confidence = static_cast<std::int32_t>(fields.number("confidence", 0, 255));
  record.decision = fields.text("decision");
  record.window_crc = fields.crc("window_crc");
  record.output_crc = fields.crc("output_crc");
  record.lost =
      fields.number("lost", transcript.windows.empty() ? 0 : transcript.windows.back().lost, kLargest);
  transcript.windows.push_back(std::move(record));
  return fields.complaint();
}

std::string read_event(std::string_view line, Transcript& transcript) {
  Fields fields(line, kEventKeys);
  const auto next = static_cast<std::int64_t>(transcript.events.size());
  fields.number("event", next, next);
  EventRecord record;
  record.window = static_cast<std::int64_t>(transcript.windows.size()) - 1;
  record.class_index = static_cast<std::int32_t>(fields.number("class", 0, 254));
  record.label = fields.text("label");
  record.confidence = static_cast<std::int32_t>(fields.number("confidence", 0, 255));
  transcript.events.push_back(std::move(record));
  return fields.complaint();
}

std::string read_health(std::string_view line) {
  Fields fields(line, kHealthKeys);
  for (const auto key : kHealthKeys) fields.number(key, 0, kLargest);
  return fields.complaint();
}

std::string read_fault(std::string_view line, Transcript& transcript) {
  Fields fields(line, kFaultKeys);
  FaultRecord record;
  record.code = static_cast<std::int32_t>(fields.number("code", 1, 255));
  record.name = fields.text("name");
  record.blinks = static_cast<std::int32_t>(fields.number("blinks", 1, 20));
  record.detail = fields.number("detail", INT32_MIN, kLargest);
  transcript.fault = std::move(record);
  return fields.complaint();
}

std::string read_end(std::string_view line, Transcript& transcript) {
  Fields fields(line, kEndKeys);
  const auto windows = static_cast<std::int64_t>(transcript.windows.size());
  EndRecord record;
  record.windows = fields.number("windows", windows, windows);
  record.samples = fields.number("samples", 0, kLargest);
  record.lost = fields.number("lost", 0, kLargest);
  record.rate_millihertz = fields.number("rate_millihertz", 0, kLargest);
  record.stack_unused = fields.number("stack_unused", 0, kLargest);
  transcript.end = record;
  return fields.complaint();
}

/// What is wrong with the line, or nothing.
std::string read_line(std::string_view line, Transcript& transcript) {
  const std::string_view name = line.substr(0, line.find(' '));
  if (transcript.fault.has_value() || transcript.end.has_value())
    return "comes after the firmware has stopped";
  if (name == "mote-boot") return read_boot(line, transcript);
  if (transcript.boot.empty()) return "comes before the boot line";
  if (name == "mote-model") return read_model(line, transcript);
  if (name == "mote-woken") return read_woken(line, transcript);
  if ((name == "mote-result" || name == "mote-end") && second_is_due(transcript))
    return "comes before the second model has looked at the window that wakes it";
  if (name == "mote-result") return read_window(line, transcript);
  if (name == "mote-event") return read_event(line, transcript);
  if (name == "mote-health") return read_health(line);
  if (name == "mote-fault") return read_fault(line, transcript);
  if (name == "mote-end") return read_end(line, transcript);
  if (name == "mote-log") return "";
  return fmt::format("starts with '{}', which is no record", escape_comment(name.substr(0, 40)));
}

}  // namespace

Result<Transcript> parse_records(std::string_view serial, std::string_view where) {
  Transcript transcript;
  for (std::int64_t number = 1; !serial.empty(); ++number) {
    const auto end = serial.find('\n');
    const std::string_view line = serial.substr(0, end);
    const std::string place = fmt::format("{}:{}", where, number);
    if (end == std::string_view::npos) return fail(ErrorKind::kInput, "the last line is cut off", place);
    if (line.size() > kLongestLine)
      return fail(ErrorKind::kInput, fmt::format("a line of {} characters", line.size()), place);
    const std::string complaint = read_line(line, transcript);
    if (!complaint.empty()) return fail(ErrorKind::kInput, "the firmware's record " + complaint, place);
    serial.remove_prefix(end + 1);
  }
  if (transcript.boot.empty())
    return fail(ErrorKind::kInput, "the firmware has printed no boot line", std::string(where));
  return transcript;
}

}  // namespace mote::simulate
