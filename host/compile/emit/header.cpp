// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compile/emit/source.h"
#include "compile/emit/tables.h"
#include "core/text.h"
#include "core/version.h"

namespace mote::compile {
namespace {

std::string_view kind_name(project::SensorKind kind) {
  switch (kind) {
    case project::SensorKind::kAccelerometer:
      return "kAccelerometer";
    case project::SensorKind::kGyroscope:
      return "kGyroscope";
    case project::SensorKind::kMagnetometer:
      return "kMagnetometer";
    case project::SensorKind::kMicrophone:
      return "kMicrophone";
    case project::SensorKind::kOther:
      break;
  }
  return "kOther";
}

std::string_view unit_name(project::Unit unit) {
  switch (unit) {
    case project::Unit::kG:
      return "kG";
    case project::Unit::kMetersPerSecondSquared:
      return "kMetersPerSecondSquared";
    case project::Unit::kDegreesPerSecond:
      return "kDegreesPerSecond";
    case project::Unit::kRadiansPerSecond:
      return "kRadiansPerSecond";
    case project::Unit::kMicrotesla:
      return "kMicrotesla";
    case project::Unit::kFullScale:
      return "kFullScale";
    case project::Unit::kCounts:
      break;
  }
  return "kCounts";
}

constexpr const char* kModelHeader = R"({notice}#pragma once
#include <stdint.h>

{includes}
namespace mote_models {{
namespace {name} {{
{features}
/// The model. Memory belongs to the caller: kMemoryBytes bytes, aligned to {alignment}, for input, output and everything
/// between; nothing else is written{but_states}, and no two calls share anything{else}.
struct Model {{
  static constexpr int32_t kMemoryBytes = {memory};
{sizes}  static constexpr int32_t kConstantBytes = {constants};  ///< weights and other tables in program memory
  static constexpr uint32_t kWeightsCrc32 = 0x{crc:08X}u;  ///< of all tables as they must be
{contract}
  static mote::Flash<char> name();
  static mote::Flash<char> version();
  static mote::Flash<char> date();
  static mote::Flash<char> content_hash();  ///< SHA-256 of graph, weights, contract, labels and normalisation
{ends}{run}
  /// CRC-32 of the tables as they are in program memory; differs from kWeightsCrc32 if that is damaged.
  static uint32_t weights_crc32();
}};

}}  // namespace {name}
}}  // namespace mote_models
)";

std::string contract_type(const project::SensorDescription& sensor) {
  std::string text = fmt::format("mote::runtime::SensorContract<{}", sensor.rate_millihertz);
  for (const auto& group : sensor.groups)
    text += fmt::format(
        ",\n      mote::runtime::SensorGroup<mote::runtime::SensorKind::{}, {}, "
        "mote::runtime::Unit::{}, {}>",
        kind_name(group.kind), group.axes.size(), unit_name(group.unit), std::llround(group.range * 1000));
  return text + ">";
}

/// Index of the background class, -1 if there is none.
std::ptrdiff_t background_class(const graph::ModelMetadata& metadata) {
  if (!metadata.background) return -1;
  const auto found = std::find(metadata.labels.begin(), metadata.labels.end(), *metadata.background);
  return found == metadata.labels.end() ? -1 : found - metadata.labels.begin();
}

std::string contract_members(const Source& source) {
  const graph::ModelMetadata& metadata = source.graph.metadata;
  const project::SensorDescription& sensor = *metadata.sensor;
  std::string axes;
  for (const auto& axis : sensor.axis_names()) axes += (axes.empty() ? "" : ", ") + escape_comment(axis);
  return fmt::format(R"(
  /// What the model was trained on; a board that delivers something else does not compile.
  /// Sensor: {sensor}. Mounting: {mounting}. Axes: {axes}.
  using Contract = {contract};

  static constexpr int32_t kWindowSamples = {window};
  static constexpr int32_t kHopSamples = {hop};
  static constexpr int32_t kAxes = {axis_count};

  /// From samples to rows of features, the columns of which are normalised.
  using Features = {features};
  static constexpr int32_t kWindowRows = {window_rows};
  static constexpr int32_t kHopRows = {hop_rows};
  static constexpr int32_t kColumns = {columns};

  static constexpr int32_t kClasses = {classes};
  static constexpr int32_t kBackgroundClass = {background};  ///< "nothing of interest"; -1: the model has none
  static constexpr uint8_t kThresholdQ8 = {threshold};  ///< below it, in 1/256, the decision is "uncertain"

  /// Name of a class, 0 ... kClasses - 1; "uncertain" for any other index.
  static mote::Flash<char> label(int32_t index);

  /// From column 0 ... kColumns - 1 of a row to a feature with 11 fraction bits.
  static mote::dsp::AxisNormalization normalization(int32_t column);

  /// From the features of a window, [row][column], to the input.
  static mote::kernels::RequantizeShape input_quantization();
)",
                     fmt::arg("sensor", escape_comment(sensor.name)),
                     fmt::arg("mounting", escape_comment(sensor.mounting)), fmt::arg("axes", axes),
                     fmt::arg("contract", contract_type(sensor)), fmt::arg("window", metadata.window_samples),
                     fmt::arg("hop", metadata.hop_samples), fmt::arg("axis_count", sensor.axis_count()),
                     fmt::arg("features", source.pipeline->blocks().empty()
                                              ? "mote::dsp::Samples"
                                              : fmt::format("mote_models::{}::Features", source.identifier)),
                     fmt::arg("window_rows", source.pipeline->window_rows(metadata.window_samples).value()),
                     fmt::arg("hop_rows", source.pipeline->hop_rows(metadata.hop_samples).value()),
                     fmt::arg("columns", source.pipeline->columns()),
                     fmt::arg("classes", metadata.labels.size()),
                     fmt::arg("background", background_class(metadata)),
                     fmt::arg("threshold", project::threshold_q8(metadata.confidence_threshold)));
}

std::string value_line(const graph::Value& value) {
  std::string text = fmt::format("{} {}", graph::shape_text(value.shape), c_type(value.dtype));
  if (value.quantization && value.quantization->scale.size() == 1)
    text += fmt::format(", real = (q - {}) * {}", value.quantization->zero_point[0],
                        value.quantization->scale[0]);
  return text;
}

/// kInputBytes, kInput_1Bytes, ..., kOutputBytes, ..., kStateBytes.
std::string size_members(const Source& source) {
  const auto member = [&](std::string_view end) {
    return [&source, end](graph::ValueId id, const std::string& suffix, std::size_t) {
      return fmt::format("  static constexpr int32_t k{}{}Bytes = {};\n", end, suffix,
                         source.graph.value(id).byte_count());
    };
  };
  std::string text = for_each_end(source.graph.inputs, member("Input")) +
                     for_each_end(source.graph.outputs, member("Output"));
  if (source.has_state())
    text +=
        fmt::format("  static constexpr int32_t kStateBytes = {};  ///< kept between runs, aligned to 8\n",
                    source.layout.state_bytes);
  return text;
}

std::string end_functions(const Source& source) {
  return for_each_end(
             source.graph.inputs,
             [&](graph::ValueId id, const std::string& suffix, std::size_t) {
               return fmt::format(
                   "\n  /// Where the input goes before run(): {}.\n  static {}* input{}(uint8_t* memory);\n",
                   value_line(source.graph.value(id)), c_type(source.graph.value(id).dtype), suffix);
             }) +
         for_each_end(source.graph.outputs, [&](graph::ValueId id, const std::string& suffix, std::size_t) {
           return fmt::format(
               "\n  /// Where the output is after run(): {}.\n  static const {}* output{}(const uint8_t* "
               "memory);\n",
               value_line(source.graph.value(id)), c_type(source.graph.value(id).dtype), suffix);
         });
}

std::string run_functions(const Source& source) {
  if (!source.has_state())
    return "\n  /// Computes the output from the input, and destroys the input.\n"
           "  static void run(uint8_t* memory);\n";
  return "\n  /// Sets `state`, kStateBytes bytes aligned to 8, to what it is before the first run.\n"
         "  static void reset(uint8_t* state);\n"
         "\n  /// Computes the output from the input and the state, destroys the input and moves the state "
         "on.\n"
         "  static void run(uint8_t* memory, uint8_t* state);\n";
}

}  // namespace

std::string file_notice(const Source& source, std::string_view purpose) {
  return fmt::format(
      "/* {}\n"
      " * Model '{}', version {}, {}.\n"
      " * Content hash {}.\n"
      " * Generated by Mote {}; do not edit, compile the model again. Generated code belongs to its user.\n"
      " */\n",
      purpose, escape_comment(source.graph.name), escape_comment(source.version), escape_comment(source.date),
      source.content_hash, kVersion);
}

std::string model_header(const Source& source) {
  const bool contract = source.has_contract();
  return fmt::format(
      fmt::runtime(kModelHeader), fmt::arg("notice", file_notice(source, "The model as a C++ class.")),
      fmt::arg("includes", contract ? "#include \"mote/core/text.h\"\n"
                                      "#include \"mote/dsp/normalize.h\"\n"
                                      "#include \"mote/dsp/samples.h\"\n"
                                      "#include \"mote/kernels/quantize.h\"\n"
                                      "#include \"mote/runtime/contract.h\"\n"
                                    : "#include \"mote/core/text.h\"\n"),
      fmt::arg("name", source.identifier), fmt::arg("memory", source.layout.total_bytes),
      fmt::arg("alignment", source.layout.alignment_bytes), fmt::arg("sizes", size_members(source)),
      fmt::arg("constants", source.constant_bytes), fmt::arg("crc", source.weights_crc32),
      fmt::arg("contract", contract ? contract_members(source) : ""),
      fmt::arg("features", contract ? features_declaration(*source.pipeline) : ""),
      fmt::arg("but_states", source.has_state() ? " but the state" : ""),
      fmt::arg("else", source.has_state() ? " else" : ""), fmt::arg("ends", end_functions(source)),
      fmt::arg("run", run_functions(source)));
}

}  // namespace mote::compile
