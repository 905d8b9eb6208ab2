// SPDX-License-Identifier: Apache-2.0
#include "operators_page.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <vector>

#include "ops/lower.h"
#include "ops/ops.h"
#include "ops/refused.h"
#include "ops/shape.h"
#include "ops/tflite.h"
#include "tflite/tflite.h"
#include "tflite_seeds.h"

namespace mote::test {
namespace {

using graph::DType;
using graph::Graph;
using Code = tflite_schema::BuiltinOperator;

constexpr std::array kTypes = {DType::kFloat32, DType::kInt8,  DType::kInt16, DType::kUInt8,
                               DType::kInt32,   DType::kInt64, DType::kBool};

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return text;
}

bool is_quantized(DType type) {
  return type == DType::kInt8 || type == DType::kInt16 || type == DType::kUInt8;
}

/// Gives a value another type; a constant becomes zeros.
void retype(graph::Value& value, DType type) {
  value.dtype = type;
  if (value.is_constant()) value.data.assign(static_cast<std::size_t>(value.byte_count()), 0);
  if (!is_quantized(type))
    value.quantization.reset();
  else if (!value.quantization || type == DType::kInt16)
    value.quantization = graph::Quantization{{type == DType::kInt16 ? 0x1p-8f : 0.5f}, {0}, 0};
}

/// The type that a row of the table is about: the output's, if data of it comes in, else the first input's.
DType type_of(const Graph& graph) {
  const graph::Node& node = graph.nodes.at(0);
  const graph::Value& output = graph.value(node.outputs.at(0));
  const graph::Value& first = graph.value(node.inputs.at(0));
  const bool comes_in = std::ranges::any_of(node.inputs, [&](graph::ValueId id) {
    return id != graph::kNone && graph.value(id).dtype == output.dtype && graph.value(id).shape.size() >= 2;
  });
  return comes_in || node.op == "fill" ? output.dtype : first.dtype;
}

bool has_kernel(const Graph& graph) {
  return ops::check(graph).has_value() && ops::lower(graph, {}).has_value();
}

/// Whether the operator of a seed works with `type` in the place of the seed's own, for its constants too or
/// not.
bool works_with(const Graph& seed, DType type) {
  const DType own = type_of(seed);
  for (const bool constants : {true, false}) {
    Graph changed = seed;
    for (graph::Value& value : changed.values)
      if (value.dtype == own && (constants || !value.is_constant())) retype(value, type);
    if (has_kernel(type == own ? seed : changed)) return true;
  }
  return false;
}

/// Whether it works with int8 weights and float32 for everything else.
bool works_as_hybrid(const Graph& seed) {
  if (type_of(seed) != DType::kInt8) return false;
  Graph changed = seed;
  bool has_weights = false;
  for (graph::Value& value : changed.values) {
    const bool is_weights = value.is_constant() && value.dtype == DType::kInt8 && value.shape.size() >= 2;
    has_weights |= is_weights;
    const bool is_bias = value.is_constant() && value.dtype == DType::kInt32 && value.quantization;
    if (is_bias || (value.dtype == DType::kInt8 && !is_weights)) retype(value, DType::kFloat32);
  }
  return has_weights && has_kernel(changed);
}

/// The seeds by the name of their operator.
std::map<std::string, std::vector<Graph>> seeds_by_operator() {
  std::map<std::string, std::vector<Graph>> seeds;
  for (const Seed& seed : tflite_seeds())
    if (const auto graph = tflite::read(seed.file, seed.name))
      seeds[seed.name.substr(0, seed.name.rfind('_'))].push_back(*graph);
  return seeds;
}

std::string supported_row(const std::string& name, const std::vector<Graph>& seeds) {
  std::string row = "| " + name + " |";
  for (const DType type : kTypes) {
    const bool works = std::ranges::any_of(seeds, [&](const Graph& seed) { return works_with(seed, type); });
    row += works ? " yes |" : "  |";
  }
  return row + (std::ranges::any_of(seeds, works_as_hybrid) ? " yes |\n" : "  |\n");
}

/// The custom operators that are there, by name.
std::string custom_operators() {
  std::vector<std::string_view> names;
  for (const std::string_view op : ops::names())
    if (const ops::Tflite* aspect = ops::find_tflite(op))
      names.insert(names.end(), aspect->customs.begin(), aspect->customs.end());
  std::ranges::sort(names);
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

}  // namespace

std::string operators_page() {
  const auto seeds = seeds_by_operator();
  const std::string missing_reason(ops::refusal(static_cast<Code>(-1)));
  std::map<std::string, std::string> rows;
  std::map<std::string, std::string> refused;  // names by reason
  std::string missing;
  for (const Code code : tflite_schema::EnumValuesBuiltinOperator()) {
    const std::string name = tflite_schema::EnumNameBuiltinOperator(code);
    const auto found = seeds.find(lower_case(name));
    if (!ops::find_op(code).empty()) {
      rows[name] = supported_row(name, found == seeds.end() ? std::vector<Graph>{} : found->second);
    } else if (code != Code::CUSTOM && code != Code::PLACEHOLDER_FOR_GREATER_OP_CODES &&
               !name.starts_with("STABLEHLO_")) {
      const std::string reason(ops::refusal(code));
      std::string& names = reason == missing_reason ? missing : refused[reason];
      names += (names.empty() ? "" : ", ") + name;
    }
  }
  std::string page =
      "# Operators\n\n"
      "What `mote inspect`, `compile`, `run` and `verify` accept, by the type of the data that an operator "
      "works on. This\n"
      "page is made by trying each operator of TensorFlow Lite with each type "
      "(`build/tests/reference/mote_operators_page`\n"
      "prints it, and a test compares). \"hybrid\" means int8 weights with float32 activations. int8 and "
      "int16 are quantised\n"
      "where the operator computes; int4 weights are read as int8. Every attribute that the format has for "
      "an operator is\n"
      "accepted, or refused with the tensor's name and the reason.\n\n"
      "| operator | float32 | int8 | int16 | uint8 | int32 | int64 | bool | hybrid |\n"
      "|---|---|---|---|---|---|---|---|---|\n";
  for (const auto& [name, row] : rows) page += row;
  page += "\n## Refused, for good\n\n| reason | operators |\n|---|---|\n";
  for (const auto& [reason, names] : refused) page += "| " + reason + " | " + names + " |\n";
  page += "\n## Custom operators\n\n" + custom_operators() + ".\n\n| refused | reason |\n|---|---|\n";
  for (const ops::RefusedCustom& custom : ops::refused_customs())
    page += "| " + std::string(custom.name) + " | " + std::string(custom.reason) + " |\n";
  return page + "\n## Not there\n\n" + missing + ", all of StableHLO.\n";
}

}  // namespace mote::test
