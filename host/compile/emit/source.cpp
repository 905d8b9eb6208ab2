// SPDX-License-Identifier: Apache-2.0
#include "compile/emit/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compile/emit/tables.h"
#include "core/text.h"

namespace mote::compile {
namespace {

/// "a kernel" -> how the shared instance of a layer's kernel is called.
std::string instance_name(const Layer& layer) {
  return fmt::format("run_{}_{}", to_identifier(layer.node.op), to_identifier(layer.kernel.variant));
}

std::string call_text(std::string_view function, const Layer& layer, std::string_view shape,
                      std::string_view tables, std::string_view in, std::string_view out,
                      std::string_view scratch) {
  const std::string tables_argument =
      layer.kernel.tables_type.empty() ? std::string() : fmt::format("{}, ", tables);
  return fmt::format("{}({}, {}{}, {}, {});\n", function, shape, tables_argument, in, out, scratch);
}

/// How C++ spells the type of a table.
std::string table_name(std::size_t layer, const ops::EmittedTable& table) {
  std::string title = to_identifier(table.name);
  if (title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return fmt::format("kLayer{}{}", layer, title);
}

std::string includes(const Source& source) {
  std::set<std::string> headers = {"mote/core/config.h", "mote/core/crc.h", "mote/core/flash.h"};
  for (const Layer& layer : source.layers) headers.insert(layer.kernel.header);
  std::string text = fmt::format("#include \"{0}.h\"\n\n#include \"{0}_c.h\"\n", source.identifier);
  for (const auto& header : headers) text += fmt::format("#include \"{}\"\n", header);
  return text;
}

std::string place(const Source& source, graph::ValueId value) {
  return fmt::format("'{}' {} at {}", escape_comment(source.graph.value(value).name),
                     graph::shape_text(source.graph.value(value).shape), source.offset(value));
}

/// Comment, shape, constants and the kernel's own claims about them.
std::string layer_definition(const Source& source, std::size_t index) {
  const Layer& layer = source.layers[index];
  const ops::EmittedLayer& kernel = layer.kernel;
  std::string text =
      fmt::format("// Layer {}: {}, {}, {} MAC. {} -> {}\n", index, layer.node.op, kernel.variant,
                  kernel.macs, place(source, layer.node.inputs[0]), place(source, layer.node.outputs[0]));
  text += fmt::format("constexpr {} kLayer{}Shape = {{\n", kernel.shape_type, index);
  for (const auto& field : kernel.shape) text += fmt::format("    {},  // {}\n", field.value, field.name);
  text += "};\n";
  std::string members;
  for (const auto& table : kernel.tables) {
    text += table_definition(table, table_name(index, table));
    members += (members.empty() ? "" : ", ") + table_name(index, table);
  }
  if (!kernel.tables_type.empty())
    text += fmt::format("constexpr {} kLayer{}Tables = {{{}}};\n", kernel.tables_type, index, members);
  return text + fmt::format(R"(static_assert({0}::scratch_bytes(kLayer{1}Shape) == {2} &&
                  {0}::input_ahead_bytes(kLayer{1}Shape) == {3},
              "the memory plan was made for another version of Mote's device headers");

)",
                            kernel.variant_type, index, kernel.scratch_bytes, kernel.input_ahead_bytes);
}

/// The out-of-line instances that several layers call.
std::string instances(const Source& source) {
  std::string text;
  std::set<std::string> done;
  for (std::size_t index = 0; index < source.layers.size(); ++index) {
    const Layer& layer = source.layers[index];
    if (!source.shared[index] || !done.insert(instance_name(layer)).second) continue;
    const ops::EmittedLayer& kernel = layer.kernel;
    const std::string tables =
        kernel.tables_type.empty() ? "" : fmt::format("const {}& tables, ", kernel.tables_type);
    text += fmt::format(
        "// One instance for the layers that share it.\n"
        "__attribute__((noinline)) void {}(const {}& shape, {}const {}* in, {}* out, void* scratch) {{\n  "
        "{}}}\n\n",
        instance_name(layer), kernel.shape_type, tables,
        c_type(source.graph.value(layer.node.inputs[0]).dtype),
        c_type(source.graph.value(layer.node.outputs[0]).dtype),
        call_text(kernel.variant_type + "::run", layer, "shape", "tables", "in", "out", "scratch"));
  }
  return text;
}

std::string address(const Source& source, graph::ValueId value, bool is_const) {
  return fmt::format("reinterpret_cast<{}{}*>(memory + {})", is_const ? "const " : "",
                     c_type(source.graph.value(value).dtype), source.offset(value));
}

std::string run_body(const Source& source) {
  std::string text;
  for (std::size_t index = 0; index < source.layers.size(); ++index) {
    const Layer& layer = source.layers[index];
    const std::int32_t scratch = source.layout.scratch_offsets[index];
    const std::string function =
        source.shared[index] ? instance_name(layer) : layer.kernel.variant_type + "::run";
    text +=
        "  " + call_text(function, layer, fmt::format("kLayer{}Shape", index),
                         fmt::format("kLayer{}Tables", index), address(source, layer.node.inputs[0], true),
                         address(source, layer.node.outputs[0], false),
                         scratch < 0 ? "nullptr" : fmt::format("memory + {}", scratch));
  }
  return text;
}

/// Kept out of line: folded into each call it would take twice the code.
constexpr const char* kContinueCrc = R"(template <class T>
__attribute__((noinline)) uint32_t continue_crc(uint32_t crc, mote::Flash<T> table, int32_t count) {
  return mote::crc32_update(crc, table, count);
}

)";

std::string crc_body(const Source& source) {
  std::string text = "  uint32_t crc = mote::kCrc32Initial;\n";
  for (std::size_t index = 0; index < source.layers.size(); ++index)
    for (const auto& table : source.layers[index].kernel.tables)
      text += fmt::format("  crc = continue_crc<{}>(crc, {}, {});\n", c_type(table.dtype),
                          table_name(index, table), element_count(table));
  return text + "  return mote::crc32_finish(crc);\n";
}

std::string contract_functions(const Source& source) {
  const graph::ModelMetadata& metadata = source.graph.metadata;
  std::string labels, axes, proofs;
  for (const auto& label : metadata.labels)
    labels += fmt::format("{}\"{}\"", labels.empty() ? "" : ", ", escape_c_string(label));
  for (std::size_t axis = 0; axis < metadata.normalization.size(); ++axis) {
    const auto& item = metadata.normalization[axis];
    axes += fmt::format("{}{{{}, {}, {}}}", axes.empty() ? "" : ", ", item.multiplier, item.bias, item.shift);
    proofs += fmt::format(
        "  static_assert(mote::dsp::valid(kNormalization[{}]), \"the sum could overflow\");\n", axis);
  }
  const kernels::QuantizeShape& quantize = source.input_quantization;
  return fmt::format(R"(
const char* Model::label(int32_t index) {{
  static const char* const kLabels[kClasses] = {{{labels}}};
  return index >= 0 && index < kClasses ? kLabels[index] : "uncertain";
}}

mote::dsp::AxisNormalization Model::normalization(int32_t axis) {{
  static constexpr mote::dsp::AxisNormalization kNormalization[kAxes] = {{{axes}}};
{proofs}  return kNormalization[axis];
}}

mote::kernels::QuantizeShape Model::input_quantization() {{
  // count, input zero point, output zero point, multiplier, shift
  return {{kWindowSamples * kAxes, 0, {zero_point}, {multiplier}, {shift}}};
}}
)",
                     fmt::arg("labels", labels), fmt::arg("axes", axes), fmt::arg("proofs", proofs),
                     fmt::arg("zero_point", quantize.output_zero_point),
                     fmt::arg("multiplier", quantize.multiplier), fmt::arg("shift", quantize.shift));
}

/// extern "C" functions that forward to the class.
std::string c_functions(const Source& source) {
  return fmt::format(R"(
extern "C" {{
{in}* mote_{name}_input(uint8_t* memory) {{ return mote_models::{name}::Model::input(memory); }}
const {out}* mote_{name}_output(const uint8_t* memory) {{ return mote_models::{name}::Model::output(memory); }}
void mote_{name}_run(uint8_t* memory) {{ mote_models::{name}::Model::run(memory); }}
uint32_t mote_{name}_weights_crc32(void) {{ return mote_models::{name}::Model::weights_crc32(); }}
const char* mote_{name}_version(void) {{ return mote_models::{name}::Model::version(); }}
}}
)",
                     fmt::arg("name", source.identifier), fmt::arg("in", c_type(source.input().dtype)),
                     fmt::arg("out", c_type(source.output().dtype)));
}

std::string text_function(std::string_view name, std::string_view text) {
  return fmt::format("const char* Model::{}() {{ return \"{}\"; }}\n", name, escape_c_string(text));
}

}  // namespace

std::string model_source(const Source& source) {
  std::string layers;
  for (std::size_t index = 0; index < source.layers.size(); ++index)
    layers += layer_definition(source, index);
  std::string text = file_notice(source, "Constants and layers of the model.");
  text += includes(source);
  text += fmt::format("\nnamespace mote_models {{\nnamespace {} {{\nnamespace {{\n\n", source.identifier);
  text += layers + instances(source) + kContinueCrc + "}  // namespace\n\n";
  text += text_function("name", source.graph.name) + text_function("version", source.version) +
          text_function("date", source.date) + text_function("content_hash", source.content_hash);
  text += fmt::format("\n{}* Model::input(uint8_t* memory) {{ return {}; }}\n", c_type(source.input().dtype),
                      address(source, source.graph.inputs[0], false));
  text += fmt::format("\nconst {}* Model::output(const uint8_t* memory) {{ return {}; }}\n",
                      c_type(source.output().dtype), address(source, source.graph.outputs[0], true));
  if (source.has_contract()) text += contract_functions(source);
  text += fmt::format("\nvoid Model::run(uint8_t* memory) {{\n{}}}\n", run_body(source));
  text += fmt::format("\nuint32_t Model::weights_crc32() {{\n{}}}\n", crc_body(source));
  text += fmt::format("\n}}  // namespace {}\n}}  // namespace mote_models\n", source.identifier);
  return text + c_functions(source);
}

}  // namespace mote::compile
