// SPDX-License-Identifier: Apache-2.0
#pragma once
// TensorFlow Lite files: the container only. What an operator's options mean is told by its folder in
// host/ops.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
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

/// Most bytes of constants that a model may have.
inline constexpr std::size_t kMaximumConstantBytes = std::size_t{1} << 30;

/// Most bytes that a file may unfold to when each tensor and operator gets its own copy of what several
/// share: small files stay small.
constexpr std::size_t most_bytes(std::size_t file_bytes) {
  return std::min(2 * kMaximumConstantBytes, (std::size_t{1} << 20) + 64 * file_bytes);
}

struct ReadOptions {
  /// Ends the graph before the first operator that is not supported, unless that is the very first.
  bool until_unsupported = false;
};

/// The graph in a .tflite file, checked with ops::check(); with metadata if Mote wrote them. `where` names
/// the file in errors. Values have the numbers of the file's tensors; one that nothing uses is a scalar
/// without data. int4 constants are read as int8, DEQUANTIZE of a float16 constant as a float32 constant.
/// Nothing in the file is trusted. Errors (kInput): no TensorFlow Lite file, damaged, more than kMaximumItems
/// of anything, more than most_bytes(), anything that find_unsupported() lists (the first is named),
/// sizes or scales without sense, content that differs from the hash in its metadata.
Result<graph::Graph> read(std::span<const std::uint8_t> file, std::string_view where,
                          ReadOptions options = {});

/// What keeps Mote from reading a file.
struct Unsupported {
  std::optional<std::size_t> index = {};  ///< number of the operator; none if it is not about one
  std::string op = {};                    ///< the operator as the format names it: "CUMSUM", "CUSTOM 'name'"
  std::string tensor = {};  ///< name of the tensor in question, or of the operator's first output
  std::string reason = {};
};

/// All that Mote does not support in a file, operator by operator. Empty: read() fails at most for what this
/// function fails for, or for damage that only the whole graph shows. Errors: those of read() that make the
/// file no model.
Result<std::vector<Unsupported>> find_unsupported(std::span<const std::uint8_t> file, std::string_view where);

/// Reads a file. Errors: as above, and those of read_bytes().
Result<graph::Graph> read_file(const std::filesystem::path& path);

/// The graph as a .tflite file that the official runtime accepts: buffers aligned to 16 bytes, the least
/// operator versions, a default signature, the metadata with the content hash as one entry and the standard
/// ones as another; behind them, where there are labels, a ZIP archive with labels.txt. Equal graphs give
/// equal bytes, and reading and writing again gives the same bytes. Errors: those of ops::check(); kInternal
/// if constants exceed 1 GiB.
Result<std::vector<std::uint8_t>> write(const graph::Graph& graph);

/// Writes a file, whole or not at all. Errors: as above, and those of mote::write_file().
Result<void> write_file(const std::filesystem::path& path, const graph::Graph& graph);

/// The metadata as they stand in the file; with the content hash of the whole graph.
Json metadata_to_json(const graph::Graph& graph);

/// Errors (kInput): a field is missing or has no sense; `where` names the file.
Result<graph::ModelMetadata> metadata_from_json(const Json& json, std::string_view where);

}  // namespace mote::tflite
