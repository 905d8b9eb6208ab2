// SPDX-License-Identifier: Apache-2.0
#include "compile/compile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "boards/boards.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "core/facts.h"
#include "core/files.h"
#include "project/project.h"
#include "tflite/tflite.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path model;
  fs::path output;
  std::string isa;
  std::string optimize;  ///< empty: by the chip
  std::string version;
  std::string date;
  std::string rounding = "double";
};

/// What is compiled, and where to.
struct Job {
  std::optional<project::Project> project;  ///< none: a model file given on the command line
  fs::path model;
  fs::path output;
  std::string isa;
  compile::Optimize optimize;
};

/// What the command line asks for, or what suits so much flash memory.
compile::Optimize optimize_for(std::int64_t flash_bytes, const Options& options) {
  return compile::optimize_from(options.optimize).value_or(compile::default_optimize(flash_bytes));
}

Result<Job> project_job(const Context& context, const Options& options) {
  MOTE_TRY(project::Project project, project::load(context.project));
  if (!fs::exists(project.model_int8()))
    return fail(ErrorKind::kUsage, "there is no quantised model", project.model_int8().string(),
                "run `mote quantize` first");
  MOTE_TRY(const boards::Board board, boards::load(project.board));
  const std::string isa = options.isa.empty() ? board.isa : options.isa;
  const fs::path output = options.output.empty() ? project.generated() : options.output;
  const fs::path model = project.model_int8();
  return Job{std::move(project), model, output, isa, optimize_for(board.flash_bytes, options)};
}

Result<Job> make_job(const Context& context, const Options& options) {
  if (options.model.empty()) return project_job(context, options);
  constexpr std::int64_t kAvrFlashBytes = 32'768;  // ATmega328P
  const std::string isa = options.isa.empty() ? "portable" : options.isa;
  return Job{std::nullopt, options.model, options.output.empty() ? "generated" : options.output, isa,
             optimize_for(isa == "avr" ? kAvrFlashBytes : 0, options)};
}

Result<compile::CompiledModel> compile_job(const Job& job, const Options& options) {
  const auto isa = compile::isa_from(job.isa);
  if (!isa)
    return fail(ErrorKind::kUsage, fmt::format("no instruction set is called '{}'", job.isa), "--isa",
                fmt::format("there are {}", fmt::join(compile::isa_names(), ", ")));
  MOTE_TRY(graph::Graph graph, tflite::read_file(job.model));
  if (!graph.metadata.sensor) graph.name = job.model.stem().string();  // converters call every graph "main"
  MOTE_TRY(const std::string date, build_date(options.date, graph.metadata.date));
  return compile::compile(graph,
                          {.isa = *isa,
                           .optimize = job.optimize,
                           .version = options.version,
                           .date = date,
                           .rounding = options.rounding == "single" ? Rounding::kSingle : Rounding::kDouble,
                           .entry_points = !job.project});
}

/// Writes the files; in a project's own folder for them, removes what an earlier model left.
Result<std::vector<fs::path>> write_files(const Job& job, const compile::CompiledModel& model) {
  std::vector<fs::path> written;
  for (const auto& file : model.files) {
    written.push_back(job.output / file.name);
    MOTE_CHECK(write_file(written.back(), std::string_view(file.content)));
  }
  if (!job.project || job.output != job.project->generated()) return written;
  for (const fs::path& present : list_files(job.output, "")) {
    std::error_code ignored;
    if (std::find(written.begin(), written.end(), present) == written.end()) fs::remove(present, ignored);
  }
  return written;
}

std::string shape_text(const Json& shape) {
  return fmt::format("[{}]", fmt::join(shape.get<std::vector<int>>(), ", "));
}

std::string or_none(const std::string& text) {
  return text.empty() ? "none" : styled(Style::kPlain, text);
}

void print_model(const compile::CompiledModel& model, const Job& job) {
  std::vector<std::vector<Cell>> rows = {
      {{"layer"}, {"output"}, {"kernel"}, {"MAC", Style::kPlain, true}, {"constants", Style::kPlain, true}}};
  for (const Json& layer : model.facts["layers"])
    rows.push_back({{layer["op"]},
                    {shape_text(layer["output_shape"])},
                    {layer["variant"]},
                    {fmt::format("{}", layer["macs"].get<std::int64_t>()), Style::kPlain, true},
                    {bytes_text(layer["constant_bytes"]), Style::kPlain, true}});
  rows.push_back({{"total", Style::kBold},
                  {},
                  {},
                  {fmt::format("{}", model.macs), Style::kBold, true},
                  {bytes_text(model.constant_bytes), Style::kBold, true}});
  print_table(rows);
  print_line();
  print_line(fmt::format("RAM {} bytes exactly, {} of input and {} of output included; constants {} bytes",
                         model.layout.total_bytes, model.input_bytes, model.output_bytes,
                         model.constant_bytes));
  if (const std::string text = compile::folded_text(model.folded); !text.empty()) print_line(text);
  const auto text = [&](const char* key) { return model.facts[key].get<std::string>(); };
  print_line(fmt::format("model {} version {} date {} content {}", model.identifier, or_none(text("version")),
                         or_none(text("date")), text("content_hash").substr(0, 16)));
  print_line(fmt::format("wrote {}/{{{}}}", job.output.string(),
                         fmt::join(model.facts["files"].get<std::vector<std::string>>(), ",")));
}

Result<Outcome> run(const Context& context, const Options& options) {
  MOTE_TRY(const Job job, make_job(context, options));
  MOTE_TRY(const compile::CompiledModel model, compile_job(job, options));
  MOTE_TRY(const std::vector<fs::path> written, write_files(job, model));
  if (job.project && job.output == job.project->generated()) {
    const std::vector<fs::path> inputs = {fs::absolute(job.project->file()), fs::absolute(job.model)};
    std::vector<fs::path> outputs;
    for (const auto& path : written) outputs.push_back(fs::absolute(path));
    MOTE_CHECK(write_fact(fs::absolute(job.project->root), {"compile", 1}, inputs, outputs, model.facts));
  }
  if (!context.json) {
    print_model(model, job);
    if (job.project)
      print_next("mote firmware", "builds it for the board");
    else
      print_next(fmt::format("#include \"{}.h\"", model.identifier),
                 "docs/reference/generated-code.md shows how to call it");
  }
  return Outcome{model.facts, false};
}

}  // namespace

void add_compile(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("compile", "Turn the int8 model into C++14 in exactly known memory");
  const auto options = std::make_shared<Options>();
  command->add_option("model", options->model, "A .tflite file (default: the project's model_int8.tflite)");
  command->add_option("-o,--output", options->output,
                      "Folder for the code (default: the project's run/generated, or ./generated)");
  command->add_option("--isa", options->isa,
                      fmt::format("Instruction set: {} (default: the board's, or portable)",
                                  fmt::join(compile::isa_names(), ", ")));
  command
      ->add_option("--optimize", options->optimize,
                   "Prefer speed, small code or little memory (default: size for up to 128 KiB of flash "
                   "memory and for avr, else speed)")
      ->check(CLI::IsMember(compile::optimize_names()));
  command
      ->add_option(
          "--rounding", options->rounding,
          "Of scaled sums: double as TensorFlow Lite Micro's reference kernels, or single as TensorFlow "
          "Lite built for single rounding")
      ->check(CLI::IsMember({"double", "single"}))
      ->capture_default_str();
  command->add_option("--model-version", options->version, "Version in the code (default: the model's)");
  command->add_option("--date", options->date,
                      "Date in the code, YYYY-MM-DD (default: SOURCE_DATE_EPOCH, else the model's)");
  on_run(*command, context, [options, &context] { return run(context, *options); });
}

}  // namespace mote::cli
