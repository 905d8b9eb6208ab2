// SPDX-License-Identifier: Apache-2.0
#include "recordings/export.h"

#include <fmt/format.h>

#include <cmath>
#include <system_error>

#include "core/files.h"
#include "core/npy.h"
#include "recordings/edge_impulse.h"
#include "recordings/import.h"
#include "recordings/labels.h"
#include "recordings/numpy.h"
#include "recordings/store.h"
#include "recordings/wav.h"

namespace mote::recordings {
namespace {

namespace fs = std::filesystem;

struct FormatName {
  ExportFormat format;
  std::string_view name;
  std::string_view ending;
};

constexpr FormatName kFormats[] = {
    {ExportFormat::kEdgeImpulseJson, "edge-impulse-json", "json"},
    {ExportFormat::kEdgeImpulseCbor, "edge-impulse-cbor", "cbor"},
    {ExportFormat::kEdgeImpulseCsv, "edge-impulse-csv", "csv"},
    {ExportFormat::kNpy, "npy", "npy"},
    {ExportFormat::kWav, "wav", "wav"},
};

std::string_view ending_of(ExportFormat format) {
  for (const auto& known : kFormats)
    if (known.format == format) return known.ending;
  return "";
}

Result<void> check_folder(const fs::path& folder) {
  std::error_code code;
  if (!fs::exists(folder, code) || (fs::is_directory(folder, code) && fs::is_empty(folder, code))) return {};
  return fail(ErrorKind::kUsage, "is there already and not an empty folder", folder.string(),
              "name a new folder");
}

Result<void> check_options(const project::Project& project, const ExportOptions& options) {
  const bool can_be_signed =
      options.format == ExportFormat::kEdgeImpulseJson || options.format == ExportFormat::kEdgeImpulseCbor;
  if (!options.hmac_key.empty() && !can_be_signed)
    return fail(ErrorKind::kUsage, "--hmac-key has no meaning: only edge-impulse-json and -cbor are signed");
  const double rate_hz = project.sensor.rate_hz();
  if (options.format == ExportFormat::kWav &&
      std::abs(std::round(rate_hz) / rate_hz - 1) > kDeclaredRateTolerance)
    return fail(ErrorKind::kUsage,
                fmt::format("a WAV file holds whole rates only, the project's is {} Hz", rate_hz), "",
                "choose another --format");
  return {};
}

/// CSV as Edge Impulse reads it: milliseconds first; the step tells the rate.
std::string to_timed_csv(Recording recording) {
  if (recording.time_ms.empty())
    for (std::int64_t sample = 0; sample < recording.samples(); ++sample)
      recording.time_ms.push_back(static_cast<double>(sample) * 1000 /
                                  recording.description.sensor.rate_hz());
  std::string text = to_csv(recording);
  return text.replace(0, text.find(','), "timestamp");
}

std::string to_text_of(const std::vector<std::uint8_t>& bytes) {
  return {bytes.begin(), bytes.end()};
}

std::string to_file(Recording recording, const ExportOptions& options) {
  const auto& sensor = recording.description.sensor;
  switch (options.format) {
    case ExportFormat::kEdgeImpulseJson:
      return to_acquisition(recording, AcquisitionForm::kJson, options.hmac_key);
    case ExportFormat::kEdgeImpulseCbor:
      return to_acquisition(recording, AcquisitionForm::kCbor, options.hmac_key);
    case ExportFormat::kEdgeImpulseCsv:
      return to_timed_csv(std::move(recording));
    case ExportFormat::kNpy:
      return to_text_of(to_npy(to_array(recording)));
    case ExportFormat::kWav:
      return to_text_of(to_wav(to_counts(recording.values, sensor), sensor.axis_count(),
                               static_cast<std::uint32_t>(std::lround(sensor.rate_hz()))));
  }
  return "";
}

LabelledFile entry_for(const ExportItem& item, std::string_view ending) {
  const Description& description = item.description;
  LabelledFile file;
  const bool test = item.part == "test";
  file.category = item.part.empty() ? "split" : test ? "testing" : "training";
  file.path =
      fmt::format("{}/{}.{}.{}", test ? "testing" : "training", description.label, description.id, ending);
  file.label = description.label;
  file.metadata = {{"session", description.session}};
  if (!description.person.empty()) file.metadata["person"] = description.person;
  if (!item.part.empty()) file.metadata["part"] = item.part;
  return file;
}

}  // namespace

std::optional<ExportFormat> export_format_from(std::string_view name) {
  for (const auto& known : kFormats)
    if (known.name == name) return known.format;
  return std::nullopt;
}

Result<std::vector<std::string>> export_recordings(const project::Project& project,
                                                   const std::vector<ExportItem>& items,
                                                   const fs::path& folder, const ExportOptions& options) {
  MOTE_CHECK(check_folder(folder));
  MOTE_CHECK(check_options(project, options));
  std::vector<LabelledFile> files;
  std::vector<std::string> written;
  for (const auto& item : items) {
    MOTE_TRY(Recording recording, read_samples(project, item.description));
    files.push_back(entry_for(item, ending_of(options.format)));
    MOTE_CHECK(write_file(folder / files.back().path, to_file(std::move(recording), options)));
    written.push_back(files.back().path);
  }
  MOTE_CHECK(write_file(folder / "info.labels", to_info_labels(files)));
  written.emplace_back("info.labels");
  return written;
}

}  // namespace mote::recordings
