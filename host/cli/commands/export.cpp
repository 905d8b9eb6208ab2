// SPDX-License-Identifier: Apache-2.0
#include "recordings/export.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "cli/command.h"
#include "cli/terminal.h"
#include "core/files.h"
#include "core/hash.h"
#include "core/text.h"
#include "dataset/dataset.h"
#include "project/project.h"
#include "tflite/tflite.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kModelFormat = "tflite";

struct Options {
  fs::path model;
  fs::path output;
  fs::path labels;
  std::string version;
  std::string date;
  std::string format = std::string(kModelFormat);
  std::string hmac_key;
};

/// The lines of a file of labels. Errors (kInput): it cannot be read; not as many as the model's only output
/// has elements.
Result<std::vector<std::string>> read_labels(const fs::path& file, const graph::Graph& graph) {
  MOTE_TRY(const std::string text, read_text(file));
  std::vector<std::string> labels;
  for (const std::string_view line : split(text, '\n')) labels.emplace_back(line);
  while (!labels.empty() && labels.back().empty()) labels.pop_back();
  const std::int64_t expected = graph.outputs.size() == 1 ? graph.value(graph.outputs[0]).element_count() : 0;
  if (static_cast<std::int64_t>(labels.size()) != expected)
    return fail(
        ErrorKind::kInput,
        fmt::format("holds {} labels, the model's only output has {} elements", labels.size(), expected),
        file.string(), "one label a line, in the order of the output");
  return labels;
}

Result<graph::Graph> model_to_export(const Context& context, const Options& options, fs::path& path) {
  path = options.model;
  if (path.empty()) {
    MOTE_TRY(const project::Project project, project::load(context.project));
    path = project.model_int8();
    if (!fs::exists(path))
      return fail(ErrorKind::kUsage, "there is no quantised model", path.string(),
                  "run `mote quantize` first");
  }
  MOTE_TRY(graph::Graph graph, tflite::read_file(path));
  graph::ModelMetadata& metadata = graph.metadata;
  if (!options.labels.empty()) {
    MOTE_TRY(metadata.labels, read_labels(options.labels, graph));
  }
  if (!options.version.empty()) metadata.version = options.version;
  MOTE_TRY(metadata.date, build_date(options.date, metadata.date));
  return graph;
}

void print_exported(const graph::Graph& graph, const Options& options, std::size_t bytes) {
  const graph::ModelMetadata& metadata = graph.metadata;
  const auto or_none = [](const std::string& text) {
    return text.empty() ? "none" : styled(Style::kPlain, text);
  };
  print_line(fmt::format("{}  {}, {} operators", options.output.string(),
                         bytes_text(static_cast<std::int64_t>(bytes)), graph.nodes.size()));
  print_line(fmt::format("version {}, date {}, content {}", or_none(metadata.version), or_none(metadata.date),
                         graph::content_hash(graph).substr(0, 16)));
  print_line(fmt::format("labels {}", or_none(fmt::format("{}", fmt::join(metadata.labels, ", ")))));
  print_line(fmt::format("sensor {}, normalisation of {} axes",
                         metadata.sensor ? styled(Style::kPlain, metadata.sensor->name) : "none",
                         metadata.normalization.size()));
  print_next(fmt::format("mote verify {}", options.output.string()), "generated code against the executor");
}

/// Recordings with their part of the split; where the project cannot be split, with what their data set says.
Result<std::vector<recordings::ExportItem>> items_to_export(const project::Project& project,
                                                            std::string& note) {
  MOTE_TRY(dataset::Dataset data, dataset::read(project));
  const auto divided = dataset::split(data, project.split);
  if (!divided.has_value()) note = "not divided into training and test: " + divided.error().what;
  std::vector<recordings::ExportItem> items;
  for (auto& recording : data.recordings)
    items.push_back({recording.description, divided.has_value()
                                                ? std::string(dataset::to_string(recording.part))
                                                : recording.description.part});
  return items;
}

Result<Outcome> run_recordings(const Context& context, const Options& options) {
  if (!options.model.empty() || !options.labels.empty() || !options.version.empty() || !options.date.empty())
    return fail(ErrorKind::kUsage,
                fmt::format("--format {} exports the project's recordings, not a model", options.format), "",
                "leave the model and its options away");
  MOTE_TRY(const project::Project project, project::load(context.project));
  std::string note;
  MOTE_TRY(const auto items, items_to_export(project, note));
  MOTE_TRY(const auto files, recordings::export_recordings(
                                 project, items, options.output,
                                 {*recordings::export_format_from(options.format), options.hmac_key}));
  if (!context.json) {
    print_line(fmt::format("{}  {} recordings as {}, with info.labels", options.output.string(), items.size(),
                           options.format));
    if (!note.empty()) print_line(styled(Style::kWarning, note));
    print_next(fmt::format("mote import {}", options.output.string()), "reads it back, in another project");
  }
  return Outcome{
      {{"output", options.output.string()}, {"format", options.format}, {"files", files}, {"note", note}},
      false};
}

Result<Outcome> run(const Context& context, const Options& options) {
  if (options.format != kModelFormat) return run_recordings(context, options);
  if (!options.hmac_key.empty()) return fail(ErrorKind::kUsage, "--hmac-key has no meaning for a model");
  fs::path path;
  MOTE_TRY(const graph::Graph graph, model_to_export(context, options, path));
  MOTE_TRY(const std::vector<std::uint8_t> bytes, tflite::write(graph));
  MOTE_CHECK(write_file(options.output, std::span<const std::uint8_t>(bytes)));
  if (!context.json) print_exported(graph, options, bytes.size());
  return Outcome{{{"model", path.string()},
                  {"output", options.output.string()},
                  {"bytes", bytes.size()},
                  {"sha256", sha256(bytes)},
                  {"content_hash", graph::content_hash(graph)},
                  {"version", graph.metadata.version},
                  {"date", graph.metadata.date},
                  {"labels", graph.metadata.labels}},
                 false};
}

}  // namespace

void add_export(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand(
      "export", "Write a model as a .tflite file with all that belongs to it, or recordings for other tools");
  const auto options = std::make_shared<Options>();
  command->add_option("model", options->model, "A .tflite file (default: the project's model_int8.tflite)");
  command->add_option("-o,--output", options->output, "The file to write, or the folder for recordings")
      ->required();
  command->add_option("--format", options->format, "tflite (default), or what recordings are written as")
      ->check(CLI::IsMember(std::vector<std::string>{std::string(kModelFormat), "edge-impulse-json",
                                                     "edge-impulse-cbor", "edge-impulse-csv", "npy", "wav"}));
  command->add_option("--hmac-key", options->hmac_key, "Signs recordings in Edge Impulse's JSON or CBOR");
  command->add_option("--labels", options->labels, "A file with a label a line (default: the model's)");
  command->add_option("--model-version", options->version, "Version in the file (default: the model's)");
  command->add_option("--date", options->date,
                      "Date in the file, YYYY-MM-DD (default: SOURCE_DATE_EPOCH, else the model's)");
  on_run(*command, context, [options, &context] { return run(context, *options); });
}

}  // namespace mote::cli
