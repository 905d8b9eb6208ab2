// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "graph/graph.h"
#include "ops/emit.h"

namespace mote::compile {

/// How C++ spells the element type: "int8_t".
std::string_view c_type(graph::DType type);

/// Elements of a table.
std::int64_t element_count(const ops::EmittedTable& table);

/// `alignas(4) const int8_t <name>[<count>] MOTE_FLASH_DATA = {...};` with the elements in lines of at most
/// 100 columns. Integer types only.
std::string table_definition(const ops::EmittedTable& table, std::string_view name);

/// `crc` continued by the table's elements as little-endian bytes, as the generated code does at run time.
std::uint32_t crc32_of(const ops::EmittedTable& table, std::uint32_t crc);

}  // namespace mote::compile
