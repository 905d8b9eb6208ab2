// SPDX-License-Identifier: Apache-2.0
#include "compile/emit/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "mote/core/crc.h"
#include "ops/lower_layer.h"

namespace mote::compile {
namespace {

constexpr std::size_t kColumns = 100;

/// The element at `bytes`.
std::string element_text(graph::DType type, const std::uint8_t* bytes) {
  if (type == graph::DType::kFloat32) {
    float real = 0;
    std::memcpy(&real, bytes, sizeof real);
    return ops::literal(real);
  }
  std::int64_t value = 0;
  const auto size = static_cast<std::size_t>(graph::size_of(type));
  std::memcpy(&value, bytes, size);
  if (type == graph::DType::kBool) return ops::literal(value != 0);
  if (graph::integer_range(type).first < 0) {
    const int unused_bits = static_cast<int>(64 - 8 * size);
    value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << unused_bits) >> unused_bits;
  }
  return ops::literal(value);
}

}  // namespace

std::string_view c_type(graph::DType type) {
  switch (type) {
    case graph::DType::kFloat32:
      return "float";
    case graph::DType::kInt8:
      return "int8_t";
    case graph::DType::kUInt8:
      return "uint8_t";
    case graph::DType::kInt16:
      return "int16_t";
    case graph::DType::kUInt16:
      return "uint16_t";
    case graph::DType::kInt32:
      return "int32_t";
    case graph::DType::kInt64:
      return "int64_t";
    case graph::DType::kBool:
      return "bool";
    case graph::DType::kUInt32:
      return "uint32_t";
  }
  return "void";
}

std::int64_t element_count(const ops::Table& table) {
  return static_cast<std::int64_t>(table.data.size()) / graph::size_of(table.dtype);
}

std::string table_definition(const ops::Table& table, std::string_view name, std::string_view storage) {
  std::string text = fmt::format("alignas({}) const {} {}[{}]{}{} = {{",
                                 std::max<std::int64_t>(4, graph::size_of(table.dtype)), c_type(table.dtype),
                                 name, element_count(table), storage.empty() ? "" : " ", storage);
  const auto size = static_cast<std::size_t>(graph::size_of(table.dtype));
  std::string line;
  for (std::size_t at = 0; at < table.data.size(); at += size) {
    const std::string item = element_text(table.dtype, &table.data[at]);
    if (line.empty() || line.size() + item.size() + 2 > kColumns) {
      text += line + "\n";
      line = "    " + item + ",";
    } else {
      line += " " + item + ",";
    }
  }
  return text + line + "\n};\n";
}

std::uint32_t crc32_of(const ops::Table& table, std::uint32_t crc) {
  return crc32_update(crc, table.data.data(), static_cast<std::int32_t>(table.data.size()));
}

}  // namespace mote::compile
