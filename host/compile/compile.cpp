// SPDX-License-Identifier: Apache-2.0
#include "compile/compile.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "compile/emit/source.h"
#include "compile/emit/tables.h"
#include "compile/passes/passes.h"
#include "compile/plan/scratch.h"
#include "compile/sharing.h"
#include "core/npy.h"
#include "core/text.h"
#include "features/pipeline.h"
#include "mote/core/crc.h"
#include "mote/dsp/normalize.h"
#include "ops/quantize/kernel.h"
#include "ops/shape.h"

namespace mote::compile {
namespace {

constexpr std::pair<std::string_view, Isa> kIsas[] = {
    {"portable", Isa::kPortable},
    {"cortex-m0", Isa::kCortexM0},
    {"cortex-m3", Isa::kCortexM3},
    {"cortex-m4", Isa::kCortexMDsp},
    {"cortex-m55", Isa::kCortexMMve},
    {"rv32", Isa::kRiscv32},
    {"avr", Isa::kAvr},
};

constexpr std::int64_t kLittleFlashBytes = 128 * 1024;

constexpr std::pair<std::string_view, Optimize> kOptimizes[] = {
    {"speed", Optimize::kSpeed}, {"size", Optimize::kSize}, {"ram", Optimize::kRam}};

/// The value that an entry's name stands for, the name of a value, and all names.
template <class Table>
auto value_of(const Table& table, std::string_view name) {
  for (const auto& [known, value] : table)
    if (known == name) return std::optional(value);
  return decltype(std::optional(table[0].second))();
}
template <class Table, class Value>
std::string_view name_of(const Table& table, Value value) {
  for (const auto& [name, known] : table)
    if (known == value) return name;
  return "?";
}
template <class Table>
std::vector<std::string_view> names_of(const Table& table) {
  std::vector<std::string_view> names;
  for (const auto& entry : table) names.push_back(entry.first);
  return names;
}

Result<void> check_ends(const graph::Graph& graph) {
  if (graph.inputs.empty() || graph.outputs.empty())
    return fail(ErrorKind::kInput,
                fmt::format("the model has {} inputs and {} outputs, expected at least one of each",
                            graph.inputs.size(), graph.outputs.size()));
  for (const graph::ValueId output : graph.outputs)
    if (graph.value(output).is_constant() || std::ranges::count(graph.inputs, output) > 0)
      return fail(ErrorKind::kInput,
                  fmt::format("the model's output '{}' is {}", graph.value(output).name,
                              graph.value(output).is_constant() ? "a constant" : "its input"));
  return {};
}

/// Whether the metadata's contract can be that of this graph; returns the pipeline of its features.
Result<features::Pipeline> check_contract(const graph::Graph& graph) {
  const graph::ModelMetadata& metadata = graph.metadata;
  const auto contradiction = [](std::string what) {
    return fail(ErrorKind::kInput, "the model's contract contradicts its graph: " + what);
  };
  if (graph.inputs.size() != 1 || graph.outputs.size() != 1)
    return contradiction(fmt::format("{} inputs and {} outputs", graph.inputs.size(), graph.outputs.size()));
  const graph::Value& input = graph.value(graph.inputs[0]);
  const graph::Value& output = graph.value(graph.outputs[0]);
  if (input.dtype != graph::DType::kInt8 || output.dtype != graph::DType::kInt8)
    return contradiction("input and output are not int8");
  if (!input.quantization || input.quantization->scale.size() != 1 || !(input.quantization->scale[0] > 0))
    return contradiction("the input has no scale");
  for (const auto& group : metadata.sensor->groups)
    if (group.axes.empty() || !(group.range >= 0.001 && group.range <= 1e9))
      return contradiction("a sensor without axes or range");
  if (metadata.sensor->rate_millihertz < 1) return contradiction("no sample rate");
  if (metadata.window_samples < 1 || metadata.hop_samples < 1)
    return contradiction(
        fmt::format("window of {} samples, hop of {}", metadata.window_samples, metadata.hop_samples));
  MOTE_TRY(features::Pipeline pipeline, features::Pipeline::create(metadata.features, *metadata.sensor));
  MOTE_TRY(const std::int64_t rows, pipeline.window_rows(metadata.window_samples));
  MOTE_CHECK(pipeline.hop_rows(metadata.hop_samples));
  const std::int64_t columns = pipeline.columns();
  const std::string_view row = metadata.features.empty() ? "samples" : "rows";
  const std::string_view column = metadata.features.empty() ? "axes" : "features";
  if (input.element_count() != rows * columns)
    return contradiction(fmt::format("input of {} elements, window of {} {} with {} {}",
                                     input.element_count(), rows, row, columns, column));
  if (metadata.normalization.size() != static_cast<std::size_t>(columns))
    return contradiction(
        fmt::format("{} normalisations for {} {}", metadata.normalization.size(), columns, column));
  if (static_cast<std::int64_t>(metadata.labels.size()) != output.element_count())
    return contradiction(
        fmt::format("{} labels for {} outputs", metadata.labels.size(), output.element_count()));
  for (const auto& axis : metadata.normalization) {
    const bool fits = axis.shift >= 0 && axis.shift <= 30 &&
                      dsp::valid({axis.multiplier, axis.bias, static_cast<std::int8_t>(axis.shift)});
    if (!fits || !std::isfinite(axis.mean) || !std::isfinite(axis.standard_deviation))
      return contradiction("a normalisation that could overflow");
  }
  return pipeline;
}

void sum_up(CompiledModel& model, Source& source) {
  std::uint32_t crc = kCrc32Initial;
  for (const Layer& layer : model.layers) {
    model.macs += layer.macs;
    model.constant_bytes += layer.constant_bytes();
    if (layer.tables != nullptr)
      for (const auto& table : *layer.tables) crc = crc32_of(table, crc);
  }
  for (const graph::ValueId id : constant_operands(source)) {
    const graph::Value& value = source.graph.value(id);
    model.constant_bytes += static_cast<std::int64_t>(value.data.size());
    crc = crc32_of({value.name, value.dtype, value.data}, crc);
  }
  source.weights_crc32 = crc32_finish(crc);
  source.constant_bytes = model.constant_bytes;
}

/// From normalised features, 11 fraction bits, to the model's input.
Result<kernels::RequantizeShape> feature_quantization(const graph::Graph& graph) {
  const graph::Value& input = graph.value(graph.inputs[0]);
  return ops::quantize::quantize_shape(
      static_cast<std::int32_t>(input.element_count()), {1.0f / (1 << dsp::kFeatureFractionBits), 0},
      {input.quantization->scale[0], static_cast<std::int32_t>(input.quantization->zero_point[0])});
}

std::string npy_content(const graph::ModelMetadata& metadata, double graph::AxisNormalization::* member) {
  std::vector<double> items;
  for (const auto& axis : metadata.normalization) items.push_back(axis.*member);
  const auto bytes = to_npy(npy_vector(items));
  return {bytes.begin(), bytes.end()};
}

std::vector<GeneratedFile> write_files(const Source& source) {
  std::vector<GeneratedFile> files = {{source.identifier + ".h", model_header(source)},
                                      {source.identifier + ".cpp", model_source(source)},
                                      {source.identifier + "_c.h", c_header(source)}};
  if (!source.has_contract()) return files;
  files.push_back({"norm_params.h", norm_params(source)});
  files.push_back({"mean.npy", npy_content(source.graph.metadata, &graph::AxisNormalization::mean)});
  files.push_back(
      {"std.npy", npy_content(source.graph.metadata, &graph::AxisNormalization::standard_deviation)});
  return files;
}

/// The contract's constants as they stand in the generated code; for models that have one.
void add_contract(Json& facts, const Source& source) {
  const graph::ModelMetadata& metadata = source.graph.metadata;
  Json normalization = Json::array();
  for (const auto& axis : metadata.normalization)
    normalization.push_back({{"multiplier", axis.multiplier}, {"bias", axis.bias}, {"shift", axis.shift}});
  facts["normalization"] = std::move(normalization);
  Json blocks = Json::array();
  for (const auto& block : source.pipeline->blocks())
    blocks.push_back({{"block", block->name},
                      {"state_bytes", block->state_bytes()},
                      {"scratch_bytes", block->scratch_bytes()},
                      {"output_bytes", block->output.bytes()},
                      {"frames_hz", block->output.frames_hz}});
  facts["features"] = {{"blocks", std::move(blocks)},
                       {"state_bytes", source.pipeline->state_bytes()},
                       {"work_bytes", source.pipeline->work_bytes()},
                       {"columns", source.pipeline->columns()}};
  facts["threshold_q8"] = project::threshold_q8(metadata.confidence_threshold);
}

Json make_facts(const CompiledModel& model, const Source& source) {
  Json layers = Json::array();
  std::set<std::string> kernels;
  for (const Layer& layer : model.layers) {
    const auto written = std::ranges::find(layer.operands, ops::Access::kWrite, &ops::Operand::access);
    const graph::Value& output = source.graph.value(written->value);
    layers.push_back({{"op", layer.op},
                      {"name", output.name},
                      {"variant", layer.variant},
                      {"macs", layer.macs},
                      {"output_shape", output.shape},
                      {"constant_bytes", layer.constant_bytes()}});
    kernels.insert(layer.variant_type);
  }
  std::vector<std::string> files;
  for (const auto& file : model.files) files.push_back(file.name);
  return {{"model", model.identifier},
          {"name", source.graph.name},
          {"version", source.version},
          {"date", source.date},
          {"content_hash", source.content_hash},
          {"memory_bytes", model.layout.total_bytes},
          {"state_bytes", model.layout.state_bytes},
          {"input_bytes", model.input_bytes},
          {"output_bytes", model.output_bytes},
          {"constant_bytes", model.constant_bytes},
          {"weights_crc32", fmt::format("{:08x}", source.weights_crc32)},
          {"macs", model.macs},
          {"folded",
           {{"channels_removed", model.folded.channels_removed},
            {"channels", model.folded.channels},
            {"macs_before", model.folded.macs_before},
            {"macs_after", model.folded.macs_after}}},
          {"layers", layers},
          {"kernels_linked", std::vector<std::string>(kernels.begin(), kernels.end())},
          {"files", files}};
}

}  // namespace

std::optional<Isa> isa_from(std::string_view name) {
  return value_of(kIsas, name);
}
std::string_view to_string(Isa isa) {
  return name_of(kIsas, isa);
}
std::vector<std::string_view> isa_names() {
  return names_of(kIsas);
}

std::optional<Optimize> optimize_from(std::string_view name) {
  return value_of(kOptimizes, name);
}
std::string_view to_string(Optimize optimize) {
  return name_of(kOptimizes, optimize);
}
std::vector<std::string_view> optimize_names() {
  return names_of(kOptimizes);
}

Optimize default_optimize(std::int64_t flash_bytes) {
  return flash_bytes > 0 && flash_bytes <= kLittleFlashBytes ? Optimize::kSize : Optimize::kSpeed;
}

Result<CompiledModel> compile(const graph::Graph& graph, const CompileOptions& options) {
  MOTE_CHECK(ops::check(graph));
  MOTE_CHECK(check_ends(graph));
  features::Pipeline pipeline;
  if (graph.metadata.sensor) {
    MOTE_TRY(pipeline, check_contract(graph));
  }
  MOTE_TRY(const graph::Graph reduced, run_passes(graph));
  MOTE_CHECK(check_ends(reduced));

  CompiledModel model;
  model.identifier = options.identifier.empty() ? model_identifier(graph.name) : options.identifier;
  MOTE_TRY(LaidOut laid_out, lower_into_memory(reduced,
                                               {.isa = options.isa,
                                                .rounding = options.rounding,
                                                .skipped_variants = options.skipped_variants,
                                                .small = options.optimize == Optimize::kSize},
                                               options.optimize == Optimize::kRam ? kNoMore : kALittleMore));
  model.layers = std::move(laid_out.layers);
  model.layout = std::move(laid_out.layout);
  model.inputs = reduced.inputs.size();
  model.outputs = reduced.outputs.size();
  for (const graph::ValueId id : reduced.inputs)
    model.input_bytes += static_cast<std::int32_t>(reduced.value(id).byte_count());
  for (const graph::ValueId id : reduced.outputs)
    model.output_bytes += static_cast<std::int32_t>(reduced.value(id).byte_count());
  Source source{reduced,
                model.identifier,
                options.version.empty() ? graph.metadata.version : options.version,
                options.date.empty() ? graph.metadata.date : options.date,
                graph::content_hash(graph),
                model.layers,
                model.layout,
                share_instances(model.layers, options.optimize).of_layer};
  source.pipeline = &pipeline;
  source.trace = options.trace;
  source.marks = options.marks;
  if (source.has_contract()) {
    MOTE_TRY(source.input_quantization, feature_quantization(reduced));
  }
  sum_up(model, source);
  MOTE_TRY(const graph::Graph whole, fold_sizes(graph));
  model.folded = folded(whole, reduced, model.macs);
  model.files = write_files(source);
  if (options.entry_points) model.files.push_back({"mote_run.cpp", entry_points(source)});
  model.facts = make_facts(model, source);
  if (source.has_contract()) add_contract(model.facts, source);
  model.facts["rounding"] = options.rounding == Rounding::kSingle ? "single" : "double";
  model.facts["isa"] = to_string(options.isa);
  model.facts["optimize"] = to_string(options.optimize);
  return model;
}

}  // namespace mote::compile
