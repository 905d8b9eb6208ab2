// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "cli/command.h"
#include "cli/terminal.h"
#include "core/files.h"
#include "core/hash.h"
#include "core/text.h"
#include "project/project.h"
#include "tflite/tflite.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path model;
  fs::path output;
  fs::path labels;
  std::string version;
  std::string date;
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

Result<Outcome> run(const Context& context, const Options& options) {
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
      "export", "Write a model as a .tflite file with labels, normalisation and contract inside");
  const auto options = std::make_shared<Options>();
  command->add_option("model", options->model, "A .tflite file (default: the project's model_int8.tflite)");
  command->add_option("-o,--output", options->output, "The file to write")->required();
  command->add_option("--labels", options->labels, "A file with a label a line (default: the model's)");
  command->add_option("--model-version", options->version, "Version in the file (default: the model's)");
  command->add_option("--date", options->date,
                      "Date in the file, YYYY-MM-DD (default: SOURCE_DATE_EPOCH, else the model's)");
  on_run(*command, context, [options, &context] { return run(context, *options); });
}

}  // namespace mote::cli
