// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "graph/graph.h"
#include "ops/lower.h"

namespace mote::compile {

/// How C++ spells the element type: "int8_t".
std::string_view c_type(graph::DType type);

/// Elements of a table.
std::int64_t element_count(const ops::Table& table);

/// `alignas(4) const int8_t <name>[<count>] MOTE_FLASH_DATA = {...};` with the elements in lines of at most
/// 100 columns; `storage` is "MOTE_FLASH_DATA", or empty for what a kernel reads through a plain pointer.
std::string table_definition(const ops::Table& table, std::string_view name,
                             std::string_view storage = "MOTE_FLASH_DATA");

/// `crc` continued by the table's elements as little-endian bytes, as the generated code does at run time.
std::uint32_t crc32_of(const ops::Table& table, std::uint32_t crc);

}  // namespace mote::compile
