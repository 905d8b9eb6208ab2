// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <memory>

#include "cli/command.h"
#include "cli/terminal.h"
#include "compile/compile.h"
#include "core/files.h"
#include "tflite/tflite.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path model;
  std::string isa = "portable";
};

Json quantization_json(const graph::Value& value) {
  if (!value.quantization) return nullptr;
  return {{"scale", value.quantization->scale},
          {"zero_point", value.quantization->zero_point},
          {"axis", value.quantization->axis}};
}

Json ends_json(const graph::Graph& graph, const std::vector<graph::ValueId>& ends) {
  Json all = Json::array();
  for (const graph::ValueId id : ends) {
    const graph::Value& value = graph.value(id);
    all.push_back({{"name", value.name},
                   {"type", graph::to_string(value.dtype)},
                   {"shape", value.shape},
                   {"quantization", quantization_json(value)}});
  }
  return all;
}

Json unsupported_json(const std::vector<tflite::Unsupported>& unsupported) {
  Json all = Json::array();
  for (const tflite::Unsupported& item : unsupported)
    all.push_back({{"index", item.index ? Json(*item.index) : Json(nullptr)},
                   {"operator", item.op},
                   {"tensor", item.tensor},
                   {"reason", item.reason}});
  return all;
}

Json operators_json(const graph::Graph& graph) {
  std::map<std::string, int> counts;
  for (const graph::Node& node : graph.nodes) ++counts[node.op];
  return counts;
}

void print_unsupported(const std::vector<tflite::Unsupported>& unsupported) {
  std::vector<std::vector<Cell>> rows = {
      {{"operator", Style::kPlain, true}, {"name"}, {"tensor"}, {"not supported because"}}};
  for (const tflite::Unsupported& item : unsupported)
    rows.push_back({{item.index ? fmt::format("{}", *item.index) : "", Style::kPlain, true},
                    {item.op},
                    {item.tensor},
                    {item.reason, Style::kBad}});
  print_table(rows);
}

void print_ends(const char* title, const graph::Graph& graph, const std::vector<graph::ValueId>& ends) {
  for (const graph::ValueId id : ends) {
    const graph::Value& value = graph.value(id);
    std::string text = fmt::format("{} '{}' {} {}", title, styled(Style::kPlain, value.name),
                                   graph::to_string(value.dtype), graph::shape_text(value.shape));
    if (value.quantization && value.quantization->scale.size() == 1)
      text += fmt::format(", real = (q - {}) * {}", value.quantization->zero_point[0],
                          value.quantization->scale[0]);
    print_line(text);
  }
}

void print_layers(const Json& layers) {
  std::vector<std::vector<Cell>> rows = {{{"layer", Style::kPlain, true},
                                          {"operator"},
                                          {"output"},
                                          {"kernel"},
                                          {"MAC", Style::kPlain, true},
                                          {"constants", Style::kPlain, true}}};
  for (std::size_t index = 0; index < layers.size(); ++index) {
    const Json& layer = layers[index];
    rows.push_back({{fmt::format("{}", index), Style::kPlain, true},
                    {layer["op"]},
                    {graph::shape_text(layer["output_shape"].get<std::vector<std::int32_t>>())},
                    {layer["variant"]},
                    {fmt::format("{}", layer["macs"].get<std::int64_t>()), Style::kPlain, true},
                    {bytes_text(layer["constant_bytes"]), Style::kPlain, true}});
  }
  print_table(rows);
}

/// The outcome for a model that cannot be compiled.
Outcome unsupported_outcome(const Context& context, const std::vector<tflite::Unsupported>& unsupported) {
  if (!context.json) {
    print_unsupported(unsupported);
    print_line(
        fmt::format("{} thing{} not supported", unsupported.size(), unsupported.size() == 1 ? "" : "s"));
  }
  return {{{"macs", nullptr},
           {"macs_compiled", nullptr},
           {"constant_bytes", nullptr},
           {"activation_bytes", nullptr},
           {"operators", nullptr},
           {"unsupported", unsupported_json(unsupported)}},
          true};
}

Result<Outcome> run(const Context& context, const Options& options) {
  MOTE_TRY(const auto bytes, read_bytes(options.model));
  MOTE_TRY(auto unsupported, tflite::find_unsupported(bytes, options.model.string()));
  if (!unsupported.empty()) return unsupported_outcome(context, unsupported);
  MOTE_TRY(graph::Graph graph, tflite::read(bytes, options.model.string()));
  graph.name = options.model.stem().string();
  const auto model =
      compile::compile(graph, {.isa = compile::isa_from(options.isa).value_or(compile::Isa::kPortable)});
  if (!model) return unsupported_outcome(context, {{.reason = model.error().what}});
  const Json& layers = model->facts["layers"];
  if (!context.json) {
    print_ends("input", graph, graph.inputs);
    print_ends("output", graph, graph.outputs);
    print_line();
    print_layers(layers);
    print_line();
    print_line(fmt::format(
        "{} MAC{}; constants {} bytes; activation RAM {} bytes, input, output and scratch included{}",
        model->folded.macs_before,
        model->folded.macs_after < model->folded.macs_before
            ? fmt::format(", {} of them without constant channels", model->folded.macs_after)
            : "",
        model->constant_bytes, model->layout.total_bytes,
        model->layout.state_bytes > 0 ? fmt::format("; state {} bytes", model->layout.state_bytes) : ""));
    print_next(fmt::format("mote verify {}", options.model.string()), "builds the code and compares it");
  }
  return Outcome{{{"inputs", ends_json(graph, graph.inputs)},
                  {"outputs", ends_json(graph, graph.outputs)},
                  {"macs", model->folded.macs_before},
                  {"macs_compiled", model->macs},
                  {"constant_bytes", model->constant_bytes},
                  {"activation_bytes", model->layout.total_bytes},
                  {"state_bytes", model->layout.state_bytes},
                  {"operators", operators_json(graph)},
                  {"layers", layers},
                  {"unsupported", Json::array()}},
                 false};
}

}  // namespace

void add_inspect(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("inspect", "Show what is in a model, what it needs, and what is not supported");
  const auto options = std::make_shared<Options>();
  const auto views = compile::isa_names();
  const std::vector<std::string> names(views.begin(), views.end());
  command->add_option("model", options->model, "A .tflite file")->required();
  command
      ->add_option("--isa", options->isa,
                   fmt::format("Instruction set to plan for: {}", fmt::join(names, ", ")))
      ->check(CLI::IsMember(names))
      ->capture_default_str();
  on_run(*command, context, [options, &context] { return run(context, *options); });
}

}  // namespace mote::cli
