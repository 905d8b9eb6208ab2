// SPDX-License-Identifier: Apache-2.0
#include "recordings/import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "core/files.h"
#include "core/text.h"
#include "recordings/edge_impulse.h"
#include "recordings/iso_time.h"
#include "recordings/numpy.h"
#include "recordings/store.h"

namespace mote::recordings {
namespace {

constexpr std::string_view kTellLabel =
    "say --label NAME for whole files, or --label-column C if a column tells";
constexpr double kFirstEpochSeconds = 978'307'200;   // 2001: a time stamp beyond is a date, not a stopwatch
constexpr double kLastEpochSeconds = 4'102'444'800;  // 2100

Result<void> check_name(std::string_view option, const std::string& name, bool required) {
  if (name.empty() && !required) return {};
  if (is_plain_name(name)) return {};
  return fail(ErrorKind::kUsage,
              name.empty() ? fmt::format("{} is missing", option)
                           : fmt::format("{} is '{}', expected a plain name", option, escape_comment(name)),
              "", "1 to 32 letters, digits, '_' or '-', starting with a letter");
}

Result<void> check_options(const ImportOptions& options) {
  if (!options.label.empty() && options.csv.label_column.has_value())
    return fail(ErrorKind::kUsage, "both a label and a label column told", "", std::string(kTellLabel));
  MOTE_CHECK(check_name("--session", options.session, false));
  MOTE_CHECK(check_name("--person", options.person, false));
  MOTE_CHECK(check_name("--device", options.device, false));
  for (const auto& [name, value] : options.conditions) {
    MOTE_CHECK(check_name("the name of --condition", name, true));
    if (value.empty() || value.size() > 200)
      return fail(ErrorKind::kUsage,
                  fmt::format("condition {} has {} characters, expected 1 to 200", name, value.size()));
  }
  return {};
}

Result<void> check_declared_rate(const project::Project& project, const ImportOptions& options) {
  if (!options.rate_hz.has_value()) return {};
  const double declared_hz = project.sensor.rate_hz();
  if (std::abs(*options.rate_hz / declared_hz - 1) <= kDeclaredRateTolerance) return {};
  return fail(ErrorKind::kUsage,
              fmt::format("--rate {} contradicts the project's rate of {} Hz", *options.rate_hz, declared_hz),
              project.file().string(),
              "a model knows one rate: correct sensor.rate_hz, or record at the project's rate");
}

/// Every source needs a label from somewhere, and a session.
Result<void> check_source(const Source& source, const ImportOptions& options) {
  const bool labelled = !options.label.empty() || options.csv.label_column.has_value() ||
                        !source.label.empty() || !source.samples.runs.empty();
  if (!labelled) return fail(ErrorKind::kUsage, "no label told", "", std::string(kTellLabel));
  const auto check = [&](std::string_view what, const std::string& name, bool required) -> Result<void> {
    if (is_plain_name(name) || (name.empty() && !required)) return {};
    return fail(
        ErrorKind::kUsage,
        name.empty() ? fmt::format("no {} told", what)
                     : fmt::format("{} is '{}', expected a plain name", what, escape_comment(name)),
        source.path.string(),
        fmt::format("say --{} NAME: 1 to 32 letters, digits, '_' or '-', starting with a letter", what));
  };
  MOTE_CHECK(check("session", options.session.empty() ? source.session : options.session, true));
  return check("person", options.person.empty() ? source.person : options.person, false);
}

/// Seconds of one unit of the time stamps, and what they say.
struct Clock {
  double unit_seconds = 0.001;
  double rate_hz = 0;
};

/// A rate that the file itself tells must be the project's: nothing is resampled.
Result<void> check_told_rate(const FileContent& content, double declared_hz, const std::string& where) {
  if (!content.rate_hz.has_value() || std::abs(*content.rate_hz / declared_hz - 1) <= kDeclaredRateTolerance)
    return {};
  return fail(ErrorKind::kInput,
              fmt::format("{} says {:.6g} Hz, the project says {:.6g} Hz", content.rate_place,
                          *content.rate_hz, declared_hz),
              where, "correct sensor.rate_hz in mote.toml, or convert the files: Mote does not resample");
}

/// The unit is that of s, ms, us, ns which comes nearest to the declared rate: a wrong rate differs by less
/// than a factor of thirty.
Result<Clock> read_clock(const std::vector<Capture>& blocks, double declared_hz, std::string_view where) {
  RateEstimate estimate;
  for (const auto& block : blocks) estimate.add(block.time);
  const auto rate = estimate.rate_hz();
  if (!rate.has_value())
    return fail(ErrorKind::kInput, "time stamps do not advance", std::string(where),
                "name the right column with --time-column");
  Clock best;
  for (const double unit : {1.0, 1e-3, 1e-6, 1e-9}) {
    const double rate_hz = *rate * 1e-3 / unit;
    const auto distance = [declared_hz](double hz) { return std::abs(std::log(hz / declared_hz)); };
    if (best.rate_hz == 0 || distance(rate_hz) < distance(best.rate_hz)) best = {unit, rate_hz};
  }
  return best;
}

/// The middle one of the steps from one time stamp to the next, in seconds.
double middle_step(const std::vector<Capture>& blocks, double unit_seconds) {
  std::vector<double> steps;
  for (const auto& block : blocks)
    for (std::size_t sample = 1; sample < block.time.size(); ++sample)
      steps.push_back((block.time[sample] - block.time[sample - 1]) * unit_seconds);
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

/// Refuses pauses: windows would join motions that were never joined. Needs two samples in some block.
Result<void> check_pauses(const std::vector<Capture>& blocks, double unit_seconds, std::string_view where) {
  const double limit_seconds = std::max(20.0 * middle_step(blocks, unit_seconds), 0.5);
  for (const auto& block : blocks)
    for (std::size_t sample = 1; sample < block.time.size(); ++sample) {
      const double pause_seconds = (block.time[sample] - block.time[sample - 1]) * unit_seconds;
      if (pause_seconds > limit_seconds)
        return fail(ErrorKind::kInput,
                    fmt::format("time stamps pause for {:.4g} s inside a recording", pause_seconds),
                    fmt::format("{}:{}", where, block.first_line + static_cast<std::int64_t>(sample)),
                    "put a blank line there: each side becomes a recording of its own");
    }
  return {};
}

/// Where a sample of a capture stands, for people.
std::string place_of(const Capture& capture, std::int64_t sample, const std::string& where) {
  if (capture.first_line > 0) return fmt::format("{}:{}", where, capture.first_line + sample);
  const std::string array = capture.name.empty() ? where : fmt::format("{}:{}", where, capture.name);
  return sample == 0 ? array : fmt::format("{}:sample {}", array, sample);
}

std::string file_name(const std::filesystem::path& path) {
  return escape_comment(path.filename().string().substr(0, 100));
}

/// The number behind `prefix` in `id`, or 0.
std::int64_t running_number(std::string_view id, std::string_view prefix) {
  if (!id.starts_with(prefix)) return 0;
  id.remove_prefix(prefix.size());
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(id.data(), id.data() + id.size(), number);
  return code == std::errc() && end == id.data() + id.size() ? number : 0;
}

/// One call of import_files().
class Importer {
 public:
  Importer(const project::Project& project, const ImportOptions& options)
      : project_(project), options_(options), known_(project.labels.begin(), project.labels.end()) {}

  Result<ImportResult> run(const std::vector<Source>& sources);

 private:
  Result<void> read_store();
  Result<void> read_file(const Source& source);
  Result<void> set_labels(std::vector<Capture>& captures, const Source& source,
                          const std::string& where) const;
  Result<std::optional<Clock>> check_clock(const FileContent& content, const std::string& where);
  void find_start(const std::vector<Capture>& blocks, const std::optional<Clock>& clock);
  Result<void> take_block(const Capture& block, const std::optional<Clock>& clock, const std::string& where);
  Result<void> take_run(const Capture& block, std::size_t run, const std::optional<Clock>& clock,
                        const std::string& where);
  Recording cut(const Capture& block, std::int64_t first, std::int64_t end,
                const std::optional<Clock>& clock) const;
  Result<std::optional<std::string>> label_of(const Run& run, const std::string& where) const;
  Result<bool> is_new(Recording& recording, const std::string& where);
  std::string next_id(const std::string& session, const std::string& label);
  void note_once(const std::string& note);
  void warn_about_unit(const std::vector<Capture>& blocks, const std::string& name);

  const project::Project& project_;
  const ImportOptions& options_;
  std::vector<std::string> known_;
  std::unordered_map<std::string, std::string> place_of_content_;  ///< content hash -> where it is already
  std::map<std::string, std::int64_t> last_number_;                ///< "<session>-<label>-" -> number
  std::vector<Description> stored_;
  std::optional<Addition> addition_;  ///< none in a dry run
  ImportResult result_;
  // Of the file being read:
  const Source* source_ = nullptr;
  std::string device_;
  std::optional<std::int64_t> start_ms_;  ///< time of its first sample
  double seconds_before_ = 0;             ///< length of its blocks so far
  double origin_ = 0;                     ///< its first time stamp
  std::int64_t capture_ = 0;
};

Result<ImportResult> Importer::run(const std::vector<Source>& sources) {
  MOTE_CHECK(check_options(options_));
  MOTE_CHECK(check_declared_rate(project_, options_));
  if (!options_.recorded.empty()) {
    MOTE_TRY(start_ms_, parse_time(options_.recorded));
  }
  MOTE_CHECK(read_store());
  for (const auto& source : sources) MOTE_CHECK(check_source(source, options_));
  if (!options_.dry_run) addition_.emplace(project_);
  for (const auto& source : sources) MOTE_CHECK(read_file(source));
  if (result_.recordings.empty())
    return fail(ErrorKind::kInput, "nothing to import: no recording is left after --map and short runs", "",
                "check --map and --label-column");
  if (addition_.has_value()) MOTE_CHECK(addition_->commit());
  return std::move(result_);
}

Result<void> Importer::read_store() {
  MOTE_TRY(stored_, read_descriptions(project_));
  for (const auto& description : stored_) place_of_content_[description.content_sha256] = description.id;
  return {};
}

/// Labels of samples that a labels file tells.
Result<void> Importer::set_labels(std::vector<Capture>& captures, const Source& source,
                                  const std::string& where) const {
  if (source.samples.runs.empty() || !options_.label.empty()) return {};
  if (captures.size() == 1 && captures.front().samples == source.samples.samples) {
    captures.front().runs = source.samples.runs;
    return {};
  }
  std::int64_t samples = 0;
  for (const auto& capture : captures) samples += capture.samples;
  return fail(ErrorKind::kInput,
              fmt::format("has {} samples in {} captures, its labels are for {} in one", samples,
                          captures.size(), source.samples.samples),
              where, "export data and labels again, together");
}

Result<void> Importer::read_file(const Source& source) {
  const std::string where = source.path.string();
  source_ = &source;
  MOTE_TRY(FileContent content, read_recording_file(source.path, project_.sensor, options_));
  auto& blocks = content.captures;
  MOTE_CHECK(set_labels(blocks, source, where));
  MOTE_TRY(const auto clock, check_clock(content, where));
  device_ = options_.device.empty() ? content.device : options_.device;
  result_.files.emplace_back();
  result_.files.back().name = file_name(source.path);
  result_.files.back().signature = content.signature;
  result_.files.back().told_rate_hz = content.rate_hz;
  for (const auto& note : content.notes) note_once(note);
  if (clock.has_value()) result_.files.back().measured_rate_hz = clock->rate_hz;
  find_start(blocks, clock);
  capture_ = 0;
  for (const auto& block : blocks) MOTE_CHECK(take_block(block, clock, where));
  if (start_ms_.has_value()) *start_ms_ += static_cast<std::int64_t>(std::ceil(seconds_before_)) * 1000;
  warn_about_unit(blocks, result_.files.back().name);
  return {};
}

Result<std::optional<Clock>> Importer::check_clock(const FileContent& content, const std::string& where) {
  const auto& blocks = content.captures;
  const double declared_hz = project_.sensor.rate_hz();
  MOTE_CHECK(check_told_rate(content, declared_hz, where));
  if (blocks.front().time.empty()) {
    if (content.rate_hz.has_value() || options_.rate_hz.has_value()) return std::nullopt;
    return fail(ErrorKind::kInput, "no time stamp column and no rate told", where,
                fmt::format("say --rate {} if it was recorded at the project's rate, or name the time stamps "
                            "with --time-column",
                            declared_hz));
  }
  MOTE_TRY(const Clock clock, read_clock(blocks, declared_hz, where));
  MOTE_CHECK(check_pauses(blocks, clock.unit_seconds, where));
  const double expected_hz = options_.rate_hz.value_or(declared_hz);
  if (std::abs(clock.rate_hz / expected_hz - 1) > kRateTolerance)
    return fail(ErrorKind::kInput,
                fmt::format("time stamps say {:.4g} Hz, {} {:.6g} Hz", clock.rate_hz,
                            options_.rate_hz.has_value() ? "--rate says" : "the project says", expected_hz),
                where, "correct sensor.rate_hz in mote.toml, or record at the project's rate");
  return clock;
}

/// Time of the file's first sample: told by a person, else by time stamps that are dates.
void Importer::find_start(const std::vector<Capture>& blocks, const std::optional<Clock>& clock) {
  seconds_before_ = 0;
  origin_ = blocks.front().time_origin;
  if (!options_.recorded.empty()) return;
  start_ms_.reset();
  if (!clock.has_value()) return;
  const double seconds = origin_ * clock->unit_seconds;
  if (seconds > kFirstEpochSeconds && seconds < kLastEpochSeconds) start_ms_ = std::llround(seconds * 1000.0);
}

Result<void> Importer::take_block(const Capture& block, const std::optional<Clock>& clock,
                                  const std::string& where) {
  if (block.samples < kMinSamples)
    return fail(ErrorKind::kInput,
                fmt::format("capture has {} samples, at least {} are needed", block.samples, kMinSamples),
                place_of(block, 0, where),
                block.first_line > 0 ? "remove it, or a blank line too many" : "remove it");
  if (clock.has_value() && block.time_origin >= origin_)
    seconds_before_ = std::max(seconds_before_, (block.time_origin - origin_) * clock->unit_seconds);
  for (std::size_t run = 0; run < block.runs.size(); ++run) MOTE_CHECK(take_run(block, run, clock, where));
  seconds_before_ += static_cast<double>(block.samples) / project_.sensor.rate_hz();
  return {};
}

Result<std::optional<std::string>> Importer::label_of(const Run& run, const std::string& where) const {
  std::string label = !options_.label.empty() ? options_.label : source_->label;
  if (options_.csv.label_column.has_value() || (options_.label.empty() && !run.label.empty()))
    label = run.label;
  const auto is_known = [this](const std::string& name) {
    return std::find(known_.begin(), known_.end(), name) != known_.end();
  };
  auto mapped = options_.label_map.find(label);
  if (mapped == options_.label_map.end() && !is_known(label))
    mapped = options_.label_map.find(std::string(kAnyOther));
  if (mapped != options_.label_map.end()) {
    if (mapped->second == kLeaveOut) return std::nullopt;
    label = mapped->second;
  }
  if (is_known(label)) return label;
  const std::string nearest = nearest_name(label, known_);
  return fail(ErrorKind::kInput,
              fmt::format("label '{}' is not in the project ({})", escape_comment(label.substr(0, 40)),
                          fmt::join(known_, ", ")),
              options_.label.empty() ? where : "",
              nearest.empty()
                  ? "add it to mote.toml, rename it with --map NAME=LABEL, or leave it out with --map "
                    "NAME=-; NAME may be *, for every label that is not in the project"
                  : fmt::format("did you mean {}?", nearest));
}

Result<void> Importer::take_run(const Capture& block, std::size_t run, const std::optional<Clock>& clock,
                                const std::string& where) {
  const std::int64_t first = block.runs[run].first_sample;
  const std::int64_t end = run + 1 < block.runs.size() ? block.runs[run + 1].first_sample : block.samples;
  const std::string place = place_of(block, first, where);
  MOTE_TRY(const auto label, label_of(block.runs[run], place));
  ImportedFile& file = result_.files.back();
  if (!label.has_value()) file.left_out_samples += end - first;
  if (label.has_value() && end - first < kMinSamples) ++file.short_runs;
  if (!label.has_value() || end - first < kMinSamples) return {};
  Recording recording = cut(block, first, end, clock);
  Description& description = recording.description;
  description.label = *label;
  description.source_line = block.first_line > 0 ? block.first_line + first : 0;
  description.capture = capture_ + 1;
  MOTE_TRY(const bool keep, is_new(recording, place));
  if (!keep) return {};
  ++capture_;
  description.id = next_id(description.session, *label);
  ++file.recordings;
  file.samples += description.samples;
  if (addition_.has_value()) MOTE_CHECK(addition_->add(recording));
  result_.recordings.push_back(std::move(description));
  return {};
}

/// Samples `first` ... `end` - 1 with what is known of them whatever their label.
Recording Importer::cut(const Capture& block, std::int64_t first, std::int64_t end,
                        const std::optional<Clock>& clock) const {
  const std::int64_t axes = project_.sensor.axis_count();
  Recording recording;
  recording.values.assign(block.values.begin() + first * axes, block.values.begin() + end * axes);
  double offset_seconds = static_cast<double>(first) / project_.sensor.rate_hz();
  if (clock.has_value()) {
    const double origin = block.time[static_cast<std::size_t>(first)];
    offset_seconds = origin * clock->unit_seconds;
    const std::int64_t timed_end = is_audio(project_.sensor) ? first : end;  // no time stamps for audio
    for (auto sample = static_cast<std::size_t>(first); sample < static_cast<std::size_t>(timed_end);
         ++sample)
      recording.time_ms.push_back(  // whole microseconds: short text
          std::round((block.time[sample] - origin) * clock->unit_seconds * 1e6) / 1e3);
  }
  Description& description = recording.description;
  description.session = options_.session.empty() ? source_->session : options_.session;
  description.person = options_.person.empty() ? source_->person : options_.person;
  description.part = source_->part;
  description.device = device_;
  description.sensor = project_.sensor;
  description.conditions = options_.conditions;
  description.source_file = result_.files.back().name;
  description.samples = end - first;
  if (start_ms_.has_value())
    description.recorded =
        format_time(*start_ms_ + std::llround((seconds_before_ + offset_seconds) * 1000.0));
  return recording;
}

/// Gives the recording its content hash; one that is there already is refused, or left out.
Result<bool> Importer::is_new(Recording& recording, const std::string& where) {
  const auto counts = to_counts(recording.values, project_.sensor);
  recording.description.content_sha256 = content_hash(counts);
  const auto [known, is_new] = place_of_content_.try_emplace(recording.description.content_sha256, where);
  ImportedFile& file = result_.files.back();
  if (is_new) file.clipped_samples += clipped_samples(counts, project_.sensor.axis_count());
  if (is_new) return true;
  if (options_.skip_duplicates) {
    ++file.duplicates;
    return false;
  }
  return fail(ErrorKind::kInput, fmt::format("capture has the same samples as {}", known->second), where,
              "leave it out, by hand or with --skip-duplicates: the same samples in two parts of a split "
              "would be a leak");
}

/// What holds for many files is said once.
void Importer::note_once(const std::string& note) {
  if (std::find(result_.notes.begin(), result_.notes.end(), note) == result_.notes.end())
    result_.notes.push_back(note);
}

std::string Importer::next_id(const std::string& session, const std::string& label) {
  const std::string prefix = fmt::format("{}-{}-", session, label);
  const auto [last, is_new] = last_number_.try_emplace(prefix, 0);
  if (is_new)
    for (const auto& description : stored_)
      last->second = std::max(last->second, running_number(description.id, prefix));
  return fmt::format("{}{:03}", prefix, ++last->second);
}

/// Acceleration that is typically gravity, but in another unit than the project's.
void Importer::warn_about_unit(const std::vector<Capture>& blocks, const std::string& name) {
  std::size_t first_axis = 0;
  const auto axes = static_cast<std::size_t>(project_.sensor.axis_count());
  for (const auto& group : project_.sensor.groups) {
    const std::size_t start = first_axis;
    first_axis += group.axes.size();
    const bool in_g = group.unit == project::Unit::kG;
    if (group.kind != project::SensorKind::kAccelerometer || group.axes.size() != 3 ||
        !(in_g || group.unit == project::Unit::kMetersPerSecondSquared))
      continue;
    std::vector<double> magnitudes;
    for (const auto& block : blocks)
      for (std::size_t at = start; at + 2 < block.values.size(); at += axes)
        magnitudes.push_back(std::hypot(block.values[at], block.values[at + 1], block.values[at + 2]));
    const auto middle = magnitudes.begin() + static_cast<std::ptrdiff_t>(magnitudes.size() / 2);
    std::nth_element(magnitudes.begin(), middle, magnitudes.end());
    const double ratio = *middle / (in_g ? 1.0 : 9.80665);
    for (const double factor : {9.80665, 1 / 9.80665, 1000.0, 0.001})
      if (std::abs(ratio / factor - 1) < 0.15)
        result_.warnings.push_back(
            fmt::format("{}: acceleration is typically {:.3g} {}, gravity would be {:.3g}: wrong unit?", name,
                        *middle, project::to_string(group.unit), in_g ? 1.0 : 9.80665));
  }
}

}  // namespace

Result<FileContent> read_recording_file(const std::filesystem::path& path,
                                        const project::SensorDescription& sensor,
                                        const ImportOptions& options) {
  const std::string where = path.string();
  const std::string ending = lower_case(path.extension().string());
  MOTE_TRY(const auto bytes, read_bytes(path));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (ending == ".wav") return read_wav(bytes, where, sensor, options.channels);
  if (ending == ".npy") return read_npy(bytes, where, sensor);
  if (ending == ".npz") return read_npz(bytes, where, sensor);
  if (ending == ".json" || ending == ".cbor")
    return read_acquisition(text, ending == ".json" ? AcquisitionForm::kJson : AcquisitionForm::kCbor, where,
                            sensor, options.csv.columns, options.hmac_key);
  FileContent content;
  MOTE_TRY(content.captures, parse_csv(text, where, sensor, options.csv));
  return content;
}

Result<ImportResult> import_sources(const project::Project& project, const std::vector<Source>& sources,
                                    const ImportOptions& options) {
  return Importer(project, options).run(sources);
}

Result<ImportResult> import_files(const project::Project& project,
                                  const std::vector<std::filesystem::path>& files,
                                  const ImportOptions& options) {
  std::vector<Source> sources;
  for (const auto& file : files) sources.push_back({.path = file});
  return import_sources(project, sources, options);
}

}  // namespace mote::recordings
