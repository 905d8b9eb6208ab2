// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "compile/emit/source.h"
#include "compile/emit/tables.h"
#include "core/text.h"

namespace mote::compile {
namespace {

std::string upper_case(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

/// `static const <type> <name>[<count>] = {...};`
template <class Item>
std::string c_array(std::string_view type, const std::string& name,
                    const std::vector<graph::AxisNormalization>& axes, Item&& item) {
  std::string items;
  for (const auto& axis : axes) items += (items.empty() ? "" : ", ") + item(axis);
  return fmt::format("static const {} {}[{}] = {{{}}};\n", type, name, axes.size(), items);
}

/// Nine significant digits: every float survives.
std::string float_text(double value) {
  return fmt::format("{:.8e}f", value);
}

}  // namespace

std::string c_header(const Source& source) {
  const std::string upper = upper_case(source.identifier);
  const auto bytes = [&](std::string_view end) {
    return [&source, &upper, end](graph::ValueId id, const std::string& suffix, std::size_t) {
      return fmt::format("#define MOTE_{}_{}{}_BYTES {}\n", upper, end, suffix,
                         source.graph.value(id).byte_count());
    };
  };
  const auto function = [&](std::string_view declaration) {
    return [&source, declaration](graph::ValueId id, const std::string& suffix, std::size_t) {
      return fmt::format(fmt::runtime(declaration), c_type(source.graph.value(id).dtype), source.identifier,
                         suffix);
    };
  };
  const std::string state_bytes = fmt::format(
      "/* Bytes of the caller's state (aligned to 8), kept between runs. */\n"
      "#define MOTE_{}_STATE_BYTES {}\n",
      upper, source.layout.state_bytes);
  const std::string reset = fmt::format(
      "/* Sets the state to what it is before the first run. */\n"
      "void mote_{}_reset(uint8_t* state);\n",
      source.identifier);
  return fmt::format(
      R"({notice}#ifndef MOTE_{upper}_C_H
#define MOTE_{upper}_C_H
#include <stdint.h>

/* Bytes of the caller's memory (aligned to {alignment}), of the input and of the output. */
#define MOTE_{upper}_MEMORY_BYTES {memory}
{input_bytes}{output_bytes}{state_bytes}#define MOTE_{upper}_WEIGHTS_CRC32 0x{crc:08X}u

#ifdef __cplusplus
extern "C" {{
#endif

/* Where the input goes before run. */
{inputs}/* Where the output is after run. */
{outputs}{reset}/* Computes the output from the input, and destroys the input. */
void mote_{name}_run(uint8_t* memory{run_state});
/* CRC-32 of the constants; differs from MOTE_{upper}_WEIGHTS_CRC32 if they are damaged. */
uint32_t mote_{name}_weights_crc32(void);
const char* mote_{name}_version(void);

#ifdef __cplusplus
}}
#endif
#endif
)",
      fmt::arg("notice", file_notice(source, "The model for C; link the model's .cpp file.")),
      fmt::arg("upper", upper), fmt::arg("name", source.identifier),
      fmt::arg("memory", source.layout.total_bytes), fmt::arg("alignment", source.layout.alignment_bytes),
      fmt::arg("crc", source.weights_crc32),
      fmt::arg("input_bytes", for_each_end(source.graph.inputs, bytes("INPUT"))),
      fmt::arg("output_bytes", for_each_end(source.graph.outputs, bytes("OUTPUT"))),
      fmt::arg("state_bytes", source.has_state() ? state_bytes : ""),
      fmt::arg("inputs",
               for_each_end(source.graph.inputs, function("{}* mote_{}_input{}(uint8_t* memory);\n"))),
      fmt::arg("outputs", for_each_end(source.graph.outputs,
                                       function("const {}* mote_{}_output{}(const uint8_t* memory);\n"))),
      fmt::arg("reset", source.has_state() ? reset : ""),
      fmt::arg("run_state", source.has_state() ? ", uint8_t* state" : ""));
}

std::string norm_params(const Source& source) {
  const auto& axes = source.graph.metadata.normalization;
  std::string names;
  const features::Pipeline& pipeline = *source.pipeline;
  for (std::size_t column = 0; column < pipeline.column_names().size(); ++column)
    names += fmt::format(" {} ({}),", escape_comment(pipeline.column_names()[column]),
                         escape_comment(pipeline.column_units()[column]));
  names.pop_back();
  const std::string upper = upper_case(source.identifier);
  const std::string prefix = source.identifier + "_norm_";
  using Axis = graph::AxisNormalization;
  return fmt::format(
      R"({notice}#ifndef MOTE_{upper}_NORM_PARAMS_H
#define MOTE_{upper}_NORM_PARAMS_H
#include <stdint.h>

/* Axes in order:{names}. */
#define MOTE_{upper}_NORM_AXES {count}

/* feature = (value - mean) / std, from values in the sensor's unit. */
{floats}
/* The same from raw 16-bit counts as the device computes it, with 11 fraction bits and saturated to 16 bits:
 * feature = (counts * multiplier + bias + (shift > 0 ? 1 << (shift - 1) : 0)) >> shift */
{integers}
#endif
)",
      fmt::arg("notice", file_notice(source, "Normalisation of the model's input, for C.")),
      fmt::arg("upper", upper), fmt::arg("names", names), fmt::arg("count", axes.size()),
      fmt::arg("floats", c_array("float", prefix + "mean", axes,
                                 [](const Axis& axis) { return float_text(axis.mean); }) +
                             c_array("float", prefix + "std", axes,
                                     [](const Axis& axis) { return float_text(axis.standard_deviation); })),
      fmt::arg("integers", c_array("int32_t", prefix + "multiplier", axes, [](const Axis& axis) {
                             return fmt::format("{}", axis.multiplier);
                           }) + c_array("int32_t", prefix + "bias", axes, [](const Axis& axis) {
                             return fmt::format("{}", axis.bias);
                           }) + c_array("int8_t", prefix + "shift", axes, [](const Axis& axis) {
                             return fmt::format("{}", axis.shift);
                           })));
}

}  // namespace mote::compile
