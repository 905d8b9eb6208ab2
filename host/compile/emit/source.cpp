// SPDX-License-Identifier: Apache-2.0
#include "compile/emit/source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "compile/emit/tables.h"
#include "core/text.h"
#include "ops/lower_layer.h"

namespace mote::compile {
namespace {

/// The first layer with the same arguments, which names their instance.
std::size_t first_like(const Source& source, std::size_t index) {
  const std::string key = arguments_key(source.layers[index]);
  std::size_t first = 0;
  while (arguments_key(source.layers[first]) != key) ++first;
  return first;
}

/// The layers that call the kAnyArguments instance of layer `index`.
std::vector<std::size_t> callers(const Source& source, std::size_t index) {
  std::vector<std::size_t> found;
  for (std::size_t other = 0; other < source.layers.size(); ++other)
    if (source.instances[other] == Instance::kAnyArguments &&
        kind_key(source.layers[other]) == kind_key(source.layers[index]))
      found.push_back(other);
  return found;
}

/// What a layer calls.
std::string function_name(const Source& source, std::size_t index) {
  const Layer& layer = source.layers[index];
  if (source.instances[index] == Instance::kInline) return layer.variant_type + "::run";
  if (source.instances[index] == Instance::kSameArguments)
    return fmt::format("run_as_layer_{}", first_like(source, index));
  constexpr std::string_view kNamespace = "mote::kernels::";
  std::string_view type = layer.variant_type;
  if (type.starts_with(kNamespace)) type.remove_prefix(kNamespace.size());
  std::string name = "run_" + to_identifier(type);
  if (layer.instance_kind != 0) name += fmt::format("_{}", layer.instance_kind);
  return name;
}

/// "weights" -> "kLayer3Weights".
std::string member_name(std::size_t layer, std::string_view name) {
  std::string title = to_identifier(name);
  if (title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return fmt::format("kLayer{}{}", layer, title);
}

const std::vector<ops::Table>& tables_of(const Layer& layer) {
  static const std::vector<ops::Table> kNone;
  return layer.tables == nullptr ? kNone : *layer.tables;
}

std::string includes(const Source& source) {
  std::set<std::string> headers = {"mote/core/config.h", "mote/core/crc.h", "mote/core/flash.h"};
  for (const Layer& layer : source.layers) headers.insert(layer.header);
  if (source.has_contract())
    for (const auto& block : source.pipeline->blocks()) headers.insert(block->constants().header);
  std::string text = fmt::format("#include \"{0}.h\"\n\n#include \"{0}_c.h\"\n", source.identifier);
  for (const auto& header : headers) text += fmt::format("#include \"{}\"\n", header);
  return text;
}

std::string place(const Source& source, graph::ValueId id) {
  const graph::Value& value = source.graph.value(id);
  return fmt::format("'{}' {}{}", escape_comment(value.name), graph::shape_text(value.shape),
                     value.is_constant()
                         ? std::string(" constant")
                         : fmt::format(" at {}{}", value.is_state ? "state " : "", source.offset(id)));
}

/// "'a' [1, 4] at 0, 'b' [4] constant -> 'c' [1, 4] at 0".
std::string places(const Source& source, const Layer& layer) {
  std::string read, written;
  for (const ops::Operand& operand : layer.operands) {
    std::string& side = operand.access == ops::Access::kWrite ? written : read;
    side += (side.empty() ? "" : ", ") + place(source, operand.value);
  }
  return read + " -> " + written;
}

/// What the kernel says of its memory must be what the plan was made for.
std::string kernel_claims(const Layer& layer, std::size_t index) {
  const std::string shape = member_name(index, layer.arguments[0].name);
  std::string text = fmt::format("static_assert({}::scratch_bytes({}) == {}", layer.variant_type, shape,
                                 layer.scratch_bytes);
  std::int32_t reads = 0;
  for (const ops::Operand& operand : layer.operands) {
    if (operand.access != ops::Access::kRead) continue;
    if (operand.ahead_bytes != kernels::kDisjoint)
      text += fmt::format(" &&\n                  {}::input_ahead_bytes({}{}) == {}", layer.variant_type,
                          shape, layer.ahead_by_input ? fmt::format(", {}", reads) : "",
                          operand.ahead_bytes == kernels::kInPlace ? "mote::kernels::kInPlace"
                                                                   : fmt::format("{}", operand.ahead_bytes));
    ++reads;
  }
  return text +
         ",\n              \"the memory plan was made for another version of Mote's device headers\");\n\n";
}

/// Comment, shape, constants and the kernel's own claims about them.
std::string layer_definition(const Source& source, std::size_t index) {
  const Layer& layer = source.layers[index];
  std::string text = fmt::format("// Layer {}: {}, {}, {} MAC. {}\n", index, layer.op, layer.variant,
                                 layer.macs, places(source, layer));
  for (const ops::Argument& argument : layer.arguments) {
    text += fmt::format("constexpr {} {} = {{\n", argument.type, member_name(index, argument.name));
    for (const auto& field : argument.fields)
      text += fmt::format("    {},  // {}\n", field.literal, field.name);
    text += "};\n";
  }
  std::string members;
  for (const auto& table : tables_of(layer)) {
    const std::string name = table.data.empty() ? "nullptr" : member_name(index, table.name);
    if (!table.data.empty()) text += table_definition(table, name);
    members += (members.empty() ? "" : ", ") + name;
  }
  if (!layer.tables_type.empty())
    text += fmt::format("constexpr {} kLayer{}Tables = {{{}}};\n", layer.tables_type, index, members);
  return text + kernel_claims(layer, index);
}

/// `function(shape, ..., tables, pointers, scratch);`
std::string call_text(std::string_view function, const std::vector<std::string>& arguments) {
  return fmt::format("{}({});\n", function, fmt::join(arguments, ", "));
}

/// Whether all `layers` have the same value in this field of this argument, and it can be assigned.
bool is_common(const Source& source, const std::vector<std::size_t>& layers, std::size_t argument,
               std::size_t field) {
  const auto literal = [&](std::size_t layer) -> const std::string& {
    return source.layers[layer].arguments[argument].fields[field].literal;
  };
  return !literal(layers[0]).starts_with("{") &&
         std::ranges::all_of(layers, [&](std::size_t layer) { return literal(layer) == literal(layers[0]); });
}

/// Whether this field counts channels, which come in fours in all `layers`.
bool are_fours(const Source& source, const std::vector<std::size_t>& layers, std::size_t argument,
               std::size_t field) {
  return source.layers[layers[0]].arguments[argument].fields[field].name.ends_with("_channels") &&
         std::ranges::all_of(layers, [&](std::size_t layer) {
           return std::stoll(source.layers[layer].arguments[argument].fields[field].literal) % 4 == 0;
         });
}

/// An argument of an instance for shapes that differ: what they have in common is a constant; that channels
/// come in fours is said in a way that the compiler understands.
std::string common_fields(const Source& source, const std::vector<std::size_t>& layers,
                          std::size_t argument) {
  const ops::Argument& first = source.layers[layers[0]].arguments[argument];
  std::string text = fmt::format("  {0} argument_{1} = value_{1};\n", first.type, argument);
  for (std::size_t field = 0; field < first.fields.size(); ++field)
    if (is_common(source, layers, argument, field))
      text += fmt::format("  argument_{}.{} = {};\n", argument, first.fields[field].name,
                          first.fields[field].literal);
    else if (are_fours(source, layers, argument, field))
      text += fmt::format("  argument_{}.{} &= ~3;\n", argument, first.fields[field].name);
  return text;
}

/// The function that a layer calls, for all that call it.
std::string instance(const Source& source, std::size_t index) {
  const Layer& layer = source.layers[index];
  const bool is_folded = source.instances[index] == Instance::kSameArguments;
  std::vector<std::string> parameters, names;
  std::string constants;
  const auto add = [&](std::string type, std::string name) {
    parameters.push_back(type + " " + name);
    names.push_back(std::move(name));
  };
  for (std::size_t number = 0; number < layer.arguments.size(); ++number)
    if (is_folded)
      names.push_back(member_name(index, layer.arguments[number].name));
    else {
      parameters.push_back(fmt::format("const {}& value_{}", layer.arguments[number].type, number));
      names.push_back(fmt::format("argument_{}", number));
      constants += common_fields(source, callers(source, index), number);
    }
  if (!layer.tables_type.empty()) add(fmt::format("const {}&", layer.tables_type), "tables");
  for (std::size_t number = 0; number < layer.operands.size(); ++number)
    add((layer.operands[number].access == ops::Access::kRead ? "const " : "") + layer.operands[number].type +
            "*",
        fmt::format("operand_{}", number));
  add("void*", "scratch");
  return fmt::format("// {}\n__attribute__((noinline)) void {}({}) {{\n{}  {}}}\n\n",
                     is_folded
                         ? "One instance for the layers of this shape."
                         : "One instance for shapes that differ; what they have in common is folded in.",
                     function_name(source, index), fmt::join(parameters, ", "), constants,
                     call_text(layer.variant_type + "::run", names));
}

/// The out-of-line instances that several layers call.
std::string instances(const Source& source) {
  std::string text;
  std::set<std::string> done;
  for (std::size_t index = 0; index < source.layers.size(); ++index)
    if (source.instances[index] != Instance::kInline && done.insert(function_name(source, index)).second)
      text += instance(source, index);
  return text;
}

std::string address(const Source& source, graph::ValueId value, std::string_view type, bool is_const) {
  return fmt::format("reinterpret_cast<{}{}*>({} + {})", is_const ? "const " : "", type,
                     source.graph.value(value).is_state ? "state" : "memory", source.offset(value));
}

std::string address(const Source& source, const ops::Operand& operand) {
  if (!source.graph.value(operand.value).is_constant())
    return address(source, operand.value, operand.type, operand.access == ops::Access::kRead);
  return fmt::format("reinterpret_cast<const {}*>(kConstant{})", operand.type, operand.value);
}

/// Shows each value that is complete when layer `index` has run.
std::string trace_calls(const Source& source, std::size_t index) {
  std::string text;
  for (std::size_t id = 0; id < source.graph.values.size(); ++id)
    if (source.layout.complete_after[id] == static_cast<std::int32_t>(index))
      text += fmt::format("  mote_trace({}, {}, memory + {}, {});\n", index, id,
                          source.layout.value_offsets[id], source.graph.values[id].byte_count());
  return text;
}

std::string run_body(const Source& source) {
  std::string text;
  for (std::size_t index = 0; index < source.layers.size(); ++index) {
    const Layer& layer = source.layers[index];
    std::vector<std::string> arguments;
    if (source.instances[index] != Instance::kSameArguments)
      for (const ops::Argument& argument : layer.arguments)
        arguments.push_back(member_name(index, argument.name));
    if (!layer.tables_type.empty()) arguments.push_back(fmt::format("kLayer{}Tables", index));
    for (const ops::Operand& operand : layer.operands) arguments.push_back(address(source, operand));
    const std::int32_t scratch = source.layout.scratch_offsets[index];
    arguments.push_back(scratch < 0 ? "nullptr" : fmt::format("memory + {}", scratch));
    text += "  " + call_text(function_name(source, index), arguments);
    if (source.trace) text += trace_calls(source, index);
    if (source.marks) text += "  mote_mark();\n";
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
    for (const auto& table : tables_of(source.layers[index]))
      if (!table.data.empty())
        text += fmt::format("  crc = continue_crc<{}>(crc, {}, {});\n", c_type(table.dtype),
                            member_name(index, table.name), element_count(table));
  for (const graph::ValueId id : constant_operands(source))
    text +=
        fmt::format("  crc = mote::crc32_update(crc, kConstant{0}, int32_t{{sizeof(kConstant{0})}});\n", id);
  return text + "  return mote::crc32_finish(crc);\n";
}

/// The definitions of constant_operands().
std::string constant_definitions(const Source& source) {
  std::string text;
  for (const graph::ValueId id : constant_operands(source)) {
    const graph::Value& value = source.graph.value(id);
    text += fmt::format("// {}\n", place(source, id)) +
            table_definition({value.name, value.dtype, value.data}, fmt::format("kConstant{}", id), "") +
            "\n";
  }
  return text;
}

/// Sets every state to what it is before the first run.
std::string reset_body(const Source& source) {
  std::string text;
  for (std::size_t id = 0; id < source.graph.values.size(); ++id)
    if (const graph::Value& value = source.graph.values[id]; value.is_state)
      text += fmt::format("  for (int32_t byte = 0; byte < {}; ++byte) state[{} + byte] = {};\n",
                          value.byte_count(), source.layout.value_offsets[id], graph::initial_byte(value));
  return text;
}

std::string contract_functions(const Source& source) {
  const graph::ModelMetadata& metadata = source.graph.metadata;
  std::string labels, axes, proofs;
  for (std::size_t index = 0; index < metadata.labels.size(); ++index)
    labels += fmt::format("  if (index == {}) return MOTE_TEXT(\"{}\");\n", index,
                          escape_c_string(metadata.labels[index]));
  for (std::size_t axis = 0; axis < metadata.normalization.size(); ++axis) {
    const auto& item = metadata.normalization[axis];
    axes += fmt::format("{}{{{}, {}, {}}}", axes.empty() ? "" : ", ", item.multiplier, item.bias, item.shift);
    proofs += fmt::format(
        "  static_assert(mote::dsp::valid(kNormalization[{}]), \"the sum could overflow\");\n", axis);
  }
  const kernels::RequantizeShape& quantize = source.input_quantization;
  return fmt::format(R"(
mote::Flash<char> Model::label(int32_t index) {{
{labels}  return MOTE_TEXT("uncertain");
}}

mote::dsp::AxisNormalization Model::normalization(int32_t column) {{
  static constexpr mote::dsp::AxisNormalization kNormalization[kColumns] = {{{axes}}};
{proofs}  return kNormalization[column];
}}

mote::kernels::RequantizeShape Model::input_quantization() {{
  // count, input zero point, output zero point, multiplier, shift, smallest and largest output
  return {{kWindowRows * kColumns, 0, {zero_point}, {multiplier}, {shift}, -128, 127, {rounding}}};
}}
)",
                     fmt::arg("labels", labels), fmt::arg("axes", axes), fmt::arg("proofs", proofs),
                     fmt::arg("zero_point", quantize.output_zero_point),
                     fmt::arg("multiplier", quantize.multiplier), fmt::arg("shift", quantize.shift),
                     fmt::arg("rounding", ops::literal(quantize.rounding)));
}

/// extern "C" functions that forward to the class.
std::string c_functions(const Source& source) {
  const std::string& name = source.identifier;
  std::string text = "\nextern \"C\" {\n";
  text += for_each_end(source.graph.inputs, [&](graph::ValueId id, const std::string& suffix, std::size_t) {
    return fmt::format(
        "{0}* mote_{1}_input{2}(uint8_t* memory) {{ return mote_models::{1}::Model::input{2}(memory); }}\n",
        c_type(source.graph.value(id).dtype), name, suffix);
  });
  text += for_each_end(source.graph.outputs, [&](graph::ValueId id, const std::string& suffix, std::size_t) {
    return fmt::format(
        "const {0}* mote_{1}_output{2}(const uint8_t* memory) {{ return "
        "mote_models::{1}::Model::output{2}(memory); }}\n",
        c_type(source.graph.value(id).dtype), name, suffix);
  });
  if (source.has_state())
    text += fmt::format("void mote_{0}_reset(uint8_t* state) {{ mote_models::{0}::Model::reset(state); }}\n",
                        name);
  text += fmt::format(
      "void mote_{0}_run(uint8_t* memory{1}) {{ mote_models::{0}::Model::run(memory{2}); }}\n"
      "uint32_t mote_{0}_weights_crc32(void) {{ return mote_models::{0}::Model::weights_crc32(); }}\n"
      "const char* mote_{0}_version(void) {{ return \"{3}\"; }}\n",
      name, source.has_state() ? ", uint8_t* state" : "", source.has_state() ? ", state" : "",
      escape_c_string(source.version));
  return text + "}\n";
}

std::string text_function(std::string_view name, std::string_view text) {
  return fmt::format("mote::Flash<char> Model::{}() {{ return MOTE_TEXT(\"{}\"); }}\n", name,
                     escape_c_string(text));
}

}  // namespace

std::vector<graph::ValueId> constant_operands(const Source& source) {
  std::vector<graph::ValueId> found;
  for (const Layer& layer : source.layers)
    for (const ops::Operand& operand : layer.operands)
      if (source.graph.value(operand.value).is_constant() && std::ranges::count(found, operand.value) == 0)
        found.push_back(operand.value);
  return found;
}

std::string model_source(const Source& source) {
  std::string layers;
  for (std::size_t index = 0; index < source.layers.size(); ++index)
    layers += layer_definition(source, index);
  std::string text = file_notice(source, "Constants and layers of the model.");
  text += includes(source);
  if (source.trace)
    text +=
        "\nextern \"C\" void mote_trace(int32_t layer, int32_t value, const void* bytes, int32_t count);\n";
  if (source.marks) text += "\nextern \"C\" void mote_mark();\n";
  text += fmt::format("\nnamespace mote_models {{\nnamespace {} {{\nnamespace {{\n\n", source.identifier);
  text += constant_definitions(source) + layers + instances(source) + kContinueCrc + "}  // namespace\n\n";
  if (source.has_contract()) text += features_definition(*source.pipeline, false);
  text += text_function("name", source.graph.name) + text_function("version", source.version) +
          text_function("date", source.date) + text_function("content_hash", source.content_hash);
  text += for_each_end(source.graph.inputs, [&](graph::ValueId id, const std::string& suffix, std::size_t) {
    const auto type = c_type(source.graph.value(id).dtype);
    return fmt::format("\n{}* Model::input{}(uint8_t* memory) {{ return {}; }}\n", type, suffix,
                       address(source, id, type, false));
  });
  text += for_each_end(source.graph.outputs, [&](graph::ValueId id, const std::string& suffix, std::size_t) {
    const auto type = c_type(source.graph.value(id).dtype);
    return fmt::format("\nconst {}* Model::output{}(const uint8_t* memory) {{ return {}; }}\n", type, suffix,
                       address(source, id, type, true));
  });
  if (source.has_contract()) text += contract_functions(source);
  if (source.has_state())
    text += fmt::format("\nvoid Model::reset(uint8_t* state) {{\n{}}}\n", reset_body(source));
  text += fmt::format("\nvoid Model::run(uint8_t* memory{}) {{\n{}}}\n",
                      source.has_state() ? ", uint8_t* state" : "", run_body(source));
  text += fmt::format("\nuint32_t Model::weights_crc32() {{\n{}}}\n", crc_body(source));
  text += fmt::format("\n}}  // namespace {}\n}}  // namespace mote_models\n", source.identifier);
  return text + c_functions(source);
}

std::string entry_points(const Source& source) {
  return file_notice(source, "The model with memory of its own, for a program of one model.") +
         fmt::format(
             R"(#include "{name}.h"

using Model = mote_models::{name}::Model;

extern "C" {{
alignas(8) uint8_t mote_memory[Model::kMemoryBytes];
{state}
void mote_run(void);
void mote_run(void) {{ Model::run(mote_memory{argument}); }}
{reset}}}
)",
             fmt::arg("name", source.identifier),
             fmt::arg("state",
                      source.has_state() ? "alignas(8) uint8_t mote_state[Model::kStateBytes];\n" : ""),
             fmt::arg("reset",
                      source.has_state()
                          ? "void mote_reset(void);\nvoid mote_reset(void) { Model::reset(mote_state); }\n"
                          : ""),
             fmt::arg("argument", source.has_state() ? ", mote_state" : ""));
}

}  // namespace mote::compile
