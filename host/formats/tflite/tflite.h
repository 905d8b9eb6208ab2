// SPDX-License-Identifier: Apache-2.0
#pragma once
// TensorFlow Lite files: the container only. What an operator's options mean is told by its folder in
// host/ops.
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "graph/graph.h"

namespace mote::tflite {

/// Name of the metadata entry that holds what Mote knows besides the graph, as JSON text.
inline constexpr std::string_view kMetadataName = "mote";

/// Most tensors, operators, buffers or metadata entries that a file may have.
inline constexpr std::size_t kMaximumItems = 1 << 16;

/// Most bytes of constants that a model may have, counted for each tensor even if several share a buffer.
inline constexpr std::size_t kMaximumConstantBytes = std::size_t{1} << 30;

struct ReadOptions {
  /// Ends the graph before the first operator that Mote does not have, unless that is the very first.
  bool until_unsupported = false;
};

/// The graph in a .tflite file, checked with ops::check(); with metadata if Mote wrote them. `where` names
/// the file in errors. A tensor that nothing uses is a scalar without data. Nothing in the file is trusted.
/// Errors (kInput): no TensorFlow Lite file, damaged, more than kMaximumItems of anything, more than
/// kMaximumConstantBytes, several subgraphs, a data type, operator or option that is not
/// supported (the hint lists what is), sizes or scales without sense, content that differs from the hash in
/// its metadata.
Result<graph::Graph> read(std::span<const std::uint8_t> file, std::string_view where,
                          ReadOptions options = {});

/// Reads a file. Errors: as above, and those of read_bytes().
Result<graph::Graph> read_file(const std::filesystem::path& path);

/// The graph as a .tflite file that the official runtime accepts: buffers aligned to 16 bytes, the least
/// operator versions, a default signature, and the metadata with the content hash as one entry. Equal graphs
/// give equal bytes, and reading and writing again gives the same bytes. Errors: those of ops::check();
/// kInternal if constants exceed 1 GiB.
Result<std::vector<std::uint8_t>> write(const graph::Graph& graph);

/// Writes a file, whole or not at all. Errors: as above, and those of mote::write_file().
Result<void> write_file(const std::filesystem::path& path, const graph::Graph& graph);

/// The metadata as they stand in the file; with the content hash of the whole graph.
Json metadata_to_json(const graph::Graph& graph);

/// Errors (kInput): a field is missing or has no sense; `where` names the file.
Result<graph::ModelMetadata> metadata_from_json(const Json& json, std::string_view where);

}  // namespace mote::tflite
