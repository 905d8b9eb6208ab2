// SPDX-License-Identifier: Apache-2.0
#include "compile/compile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <set>

#include "boards/boards.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "compile/second_model.h"
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

Result<graph::Graph> read_model(const Job& job) {
  MOTE_TRY(graph::Graph graph, tflite::read_file(job.model));
  if (!graph.metadata.sensor) graph.name = job.model.stem().string();  // converters call every graph "main"
  return graph;
}

Result<compile::CompileOptions> compile_options(const Job& job, const Options& options,
                                                const graph::Graph& graph) {
  const auto isa = compile::isa_from(job.isa);
  if (!isa)
    return fail(ErrorKind::kUsage, fmt::format("no instruction set is called '{}'", job.isa), "--isa",
                fmt::format("there are {}", fmt::join(compile::isa_names(), ", ")));
  MOTE_TRY(const std::string date, build_date(options.date, graph.metadata.date));
  return compile::CompileOptions{
      .isa = *isa,
      .optimize = job.optimize,
      .version = options.version,
      .date = date,
      .rounding = options.rounding == "single" ? Rounding::kSingle : Rounding::kDouble,
      .entry_points = !job.project};
}

/// The second model of the project's cascade, for the same core.
Result<compile::CompiledModel> compile_woken(const Job& job, const Options& options,
                                             const graph::Graph& first, const std::string& identifier) {
  const fs::path file = job.project->woken_model_int8();
  if (!fs::exists(file))
    return fail(ErrorKind::kUsage, "there is no second model", file.string(),
                "run `mote quantize` in its project, or correct cascade.model in mote.toml");
  MOTE_TRY(const graph::Graph second, tflite::read_file(file));
  MOTE_CHECK(compile::require_same_input(first, second, file.string()));
  MOTE_TRY(auto compile_for, compile_options(job, options, second));
  compile_for.identifier = compile::second_identifier(identifier, second.name);
  compile_for.version.clear();
  return compile::compile(second, compile_for);
}

/// What later stages want to know of the second model; `facts` are the first one's.
void add_woken(Json& facts, const compile::CompiledModel& woken, const project::Project& project) {
  facts["woken"] = {{"by", project.cascade->label}};
  for (const char* key : {"model", "name", "version", "date", "content_hash", "memory_bytes",
                          "constant_bytes", "weights_crc32", "macs", "layers", "files"})
    facts["woken"][key] = woken.facts[key];
  std::set<std::string> kernels = facts["kernels_linked"];
  kernels.merge(woken.facts["kernels_linked"].get<std::set<std::string>>());
  facts["kernels_linked"] = kernels;
}

/// Writes the files; in a project's own folder for them (`is_own`), removes what an earlier model left.
Result<std::vector<fs::path>> write_files(const compile::CompiledModel& model, const fs::path& folder,
                                          bool is_own) {
  std::vector<fs::path> written;
  for (const auto& file : model.files) {
    written.push_back(folder / file.name);
    MOTE_CHECK(write_file(written.back(), std::string_view(file.content)));
  }
  if (!is_own) return written;
  for (const fs::path& present : list_files(folder, "")) {
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
  if (const auto woken = model.facts.find("woken"); woken != model.facts.end())
    print_line(fmt::format(
        "'{}' wakes {} version {} in {}: RAM {} bytes in the same place, constants {} bytes",
        (*woken)["by"].get<std::string>(), (*woken)["model"].get<std::string>(),
        or_none((*woken)["version"].get<std::string>()), (job.output / "woken").string(),
        (*woken)["memory_bytes"].get<std::int64_t>(), (*woken)["constant_bytes"].get<std::int64_t>()));
  print_line(fmt::format("wrote {}/{{{}}}", job.output.string(),
                         fmt::join(model.facts["files"].get<std::vector<std::string>>(), ",")));
}

Result<Outcome> run(const Context& context, const Options& options) {
  MOTE_TRY(const Job job, make_job(context, options));
  MOTE_TRY(const graph::Graph graph, read_model(job));
  MOTE_TRY(const auto compile_for, compile_options(job, options, graph));
  MOTE_TRY(compile::CompiledModel model, compile::compile(graph, compile_for));
  const bool is_own = job.project && job.output == job.project->generated();
  std::vector<fs::path> inputs;
  std::optional<compile::CompiledModel> woken;
  if (job.project) inputs = {fs::absolute(job.project->file()), fs::absolute(job.model)};
  if (job.project && job.project->cascade) {
    MOTE_TRY(woken, compile_woken(job, options, graph, model.identifier));
    inputs.push_back(fs::absolute(job.project->woken_model_int8()));
    add_woken(model.facts, *woken, *job.project);
  }
  MOTE_TRY(std::vector<fs::path> written, write_files(model, job.output, is_own));
  std::error_code ignored;
  if (is_own) fs::remove_all(job.project->generated_woken(), ignored);
  if (woken) {
    MOTE_TRY(const auto more, write_files(*woken, job.output / "woken", false));
    written.insert(written.end(), more.begin(), more.end());
  }
  if (is_own) {
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
