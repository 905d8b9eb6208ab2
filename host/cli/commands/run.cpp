// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/terminal.h"
#include "compile/passes/passes.h"
#include "core/files.h"
#include "core/npy.h"
#include "execute/executor.h"
#include "tflite/tflite.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

struct Options {
  fs::path model;
  std::vector<fs::path> inputs;
  std::vector<fs::path> outputs;
  std::string rounding = "double";
};

bool is_npy(const fs::path& file) {
  return file.extension() == ".npy";
}

/// How NumPy calls an element type.
char npy_kind(graph::DType type) {
  switch (type) {
    case graph::DType::kFloat32:
      return 'f';
    case graph::DType::kUInt8:
    case graph::DType::kUInt16:
    case graph::DType::kUInt32:
      return 'u';
    case graph::DType::kBool:
      return 'b';
    default:
      return 'i';
  }
}

/// The bytes of a file; of an .npy file whose type and number of elements fit the value.
Result<Bytes> read_input(const fs::path& file, const graph::Value& value) {
  MOTE_TRY(Bytes bytes, read_bytes(file));
  if (!is_npy(file)) return bytes;
  MOTE_TRY(NpyArray array, parse_npy(bytes, file.string()));
  if (array.kind != npy_kind(value.dtype) || array.item_bytes != graph::size_of(value.dtype))
    return fail(ErrorKind::kInput,
                fmt::format("holds elements of type '{}{}', the model's input '{}' is {}", array.kind,
                            array.item_bytes, value.name, graph::to_string(value.dtype)),
                file.string(), "convert it with NumPy's astype()");
  return std::move(array.data);
}

/// The inputs of one run or of several, one after the other, in one buffer for each run.
Result<std::vector<Bytes>> read_runs(const graph::Graph& graph, const std::vector<fs::path>& files) {
  if (files.size() != graph.inputs.size())
    return fail(
        ErrorKind::kUsage,
        fmt::format("{} input files given, the model has {} inputs", files.size(), graph.inputs.size()),
        "--input");
  std::vector<Bytes> runs;
  for (std::size_t index = 0; index < files.size(); ++index) {
    const graph::Value& value = graph.value(graph.inputs[index]);
    MOTE_TRY(const Bytes bytes, read_input(files[index], value));
    const auto size = static_cast<std::size_t>(value.byte_count());
    if (bytes.empty() || bytes.size() % size != 0)
      return fail(ErrorKind::kInput,
                  fmt::format("{} bytes, expected a multiple of {}: input '{}' is {} {}", bytes.size(), size,
                              value.name, graph::to_string(value.dtype), graph::shape_text(value.shape)),
                  files[index].string());
    if (index == 0) runs.resize(bytes.size() / size);
    if (bytes.size() / size != runs.size())
      return fail(
          ErrorKind::kInput,
          fmt::format("holds inputs for {} runs, the first file for {}", bytes.size() / size, runs.size()),
          files[index].string());
    for (std::size_t run = 0; run < runs.size(); ++run)
      runs[run].insert(runs[run].end(), bytes.begin() + static_cast<std::ptrdiff_t>(run * size),
                       bytes.begin() + static_cast<std::ptrdiff_t>((run + 1) * size));
  }
  return runs;
}

Result<void> write_output(const fs::path& file, const graph::Value& value, const Bytes& bytes,
                          std::size_t runs) {
  if (!is_npy(file)) return write_file(file, bytes);
  NpyArray array{npy_kind(value.dtype),
                 static_cast<std::int32_t>(graph::size_of(value.dtype)),
                 {value.shape.begin(), value.shape.end()},
                 bytes};
  if (runs > 1) array.shape.insert(array.shape.begin(), static_cast<std::int64_t>(runs));
  return write_file(file, to_npy(array));
}

Result<Outcome> run(const Context& context, const Options& options) {
  MOTE_TRY(const graph::Graph model, tflite::read_file(options.model));
  MOTE_TRY(const graph::Graph graph, compile::fold_sizes(model));
  if (options.outputs.size() != graph.outputs.size())
    return fail(ErrorKind::kUsage,
                fmt::format("{} output files given, the model has {} outputs", options.outputs.size(),
                            graph.outputs.size()),
                "--output");
  MOTE_TRY(const auto runs, read_runs(graph, options.inputs));
  const Rounding rounding = options.rounding == "single" ? Rounding::kSingle : Rounding::kDouble;
  MOTE_TRY(auto executor, execute::Executor::create(graph, {.rounding = rounding}));
  std::vector<Bytes> outputs(graph.outputs.size());
  for (const Bytes& inputs : runs) {
    MOTE_CHECK(executor.run_bytes(inputs));
    for (std::size_t index = 0; index < outputs.size(); ++index) {
      const auto bytes = executor.output(index);
      outputs[index].insert(outputs[index].end(), bytes.begin(), bytes.end());
    }
  }
  Json described = Json::array();
  for (std::size_t index = 0; index < outputs.size(); ++index) {
    const graph::Value& value = graph.value(graph.outputs[index]);
    MOTE_CHECK(write_output(options.outputs[index], value, outputs[index], runs.size()));
    described.push_back({{"name", value.name},
                         {"type", graph::to_string(value.dtype)},
                         {"shape", value.shape},
                         {"file", options.outputs[index].string()}});
    if (!context.json)
      print_line(fmt::format("{} run{}: '{}' {} {} to {}", runs.size(), runs.size() == 1 ? "" : "s",
                             styled(Style::kPlain, value.name), graph::to_string(value.dtype),
                             graph::shape_text(value.shape), options.outputs[index].string()));
  }
  return Outcome{{{"runs", runs.size()}, {"outputs", described}}, false};
}

}  // namespace

void add_run(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("run", "Run a model on this computer with the device's kernels");
  const auto options = std::make_shared<Options>();
  command->add_option("model", options->model, "A .tflite file")->required();
  command
      ->add_option("--input", options->inputs,
                   "Raw bytes or .npy, one file for each input of the model; several runs one after the "
                   "other, a state "
                   "is kept between them")
      ->required();
  command->add_option("--output", options->outputs, "Raw bytes or .npy, one file for each output")
      ->required();
  command->add_option("--rounding", options->rounding, "Of scaled sums, as for `mote compile`")
      ->check(CLI::IsMember({"double", "single"}))
      ->capture_default_str();
  on_run(*command, context, [options, &context] { return run(context, *options); });
}

}  // namespace mote::cli
