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

/// The model. Memory belongs to the caller: kMemoryBytes bytes, aligned to 4, for input, output and everything
/// between; nothing else is written, and no two calls share anything.
struct Model {{
  static constexpr int32_t kMemoryBytes = {memory};
  static constexpr int32_t kInputBytes = {input_bytes};
  static constexpr int32_t kOutputBytes = {output_bytes};
  static constexpr int32_t kConstantBytes = {constants};  ///< weights and other tables in program memory
  static constexpr uint32_t kWeightsCrc32 = 0x{crc:08X}u;  ///< of all tables as they must be
{contract}
  static const char* name();
  static const char* version();
  static const char* date();
  static const char* content_hash();  ///< SHA-256 of graph, weights, contract, labels and normalisation

  /// Where the input goes before run(): {input}.
  static {input_type}* input(uint8_t* memory);

  /// Where the output is after run(): {output}.
  static const {output_type}* output(const uint8_t* memory);

  /// Computes the output from the input, and destroys the input.
  static void run(uint8_t* memory);

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
  static constexpr int32_t kClasses = {classes};
  static constexpr int32_t kBackgroundClass = {background};  ///< "nothing of interest"; -1: the model has none
  static constexpr uint8_t kThresholdQ8 = {threshold};  ///< below it, in 1/256, the decision is "uncertain"

  /// Name of a class, 0 ... kClasses - 1; "uncertain" for any other index.
  static const char* label(int32_t index);

  /// From raw counts of an axis, 0 ... kAxes - 1, to a feature with 11 fraction bits.
  static mote::dsp::AxisNormalization normalization(int32_t axis);

  /// From the features of a window, [sample][axis], to the input.
  static mote::kernels::QuantizeShape input_quantization();
)",
                     fmt::arg("sensor", escape_comment(sensor.name)),
                     fmt::arg("mounting", escape_comment(sensor.mounting)), fmt::arg("axes", axes),
                     fmt::arg("contract", contract_type(sensor)), fmt::arg("window", metadata.window_samples),
                     fmt::arg("hop", metadata.hop_samples), fmt::arg("axis_count", sensor.axis_count()),
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
      fmt::arg("includes", contract ? "\n#include \"mote/dsp/normalize.h\"\n"
                                      "#include \"mote/kernels/quantize.h\"\n"
                                      "#include \"mote/runtime/contract.h\"\n"
                                    : ""),
      fmt::arg("name", source.identifier), fmt::arg("memory", source.layout.total_bytes),
      fmt::arg("input_bytes", source.input().byte_count()),
      fmt::arg("output_bytes", source.output().byte_count()), fmt::arg("constants", source.constant_bytes),
      fmt::arg("crc", source.weights_crc32), fmt::arg("contract", contract ? contract_members(source) : ""),
      fmt::arg("input", value_line(source.input())), fmt::arg("input_type", c_type(source.input().dtype)),
      fmt::arg("output", value_line(source.output())),
      fmt::arg("output_type", c_type(source.output().dtype)));
}

}  // namespace mote::compile
