// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "features/block.h"
#include "project/project.h"

namespace mote::features {

/// Every kind of block that `[[features]]` may name, in the order of blocks.def.
std::span<const BlockKind* const> block_kinds();

/// A part of the memory that a pipeline works in.
struct Place {
  std::int32_t offset_bytes = 0;
  std::int32_t size_bytes = 0;
};

/// From raw counts to rows of features: the blocks of a project, one behind the other, and where each works.
///
/// Without blocks a row is a sample. Two memories, both aligned to 8 bytes: the state, kept from sample to
/// sample, and the work area, needed during one push() alone.
class Pipeline {
 public:
  /// Nothing yet; create() makes one to use.
  Pipeline() = default;

  /// Errors (kInput, with the table's place): an unknown block, as the blocks' own settings, a block that
  /// does not take what the one before gives, a row that is not of int16, more than 64 blocks, more than
  /// 16,384 features in a row.
  static Result<Pipeline> create(const std::vector<project::FeatureBlock>& blocks,
                                 const project::SensorDescription& sensor);

  const Blocks& blocks() const { return blocks_; }
  /// What a row is; element kInt16.
  const Signal& row() const { return row_; }
  /// Values of a sample.
  std::int32_t axes() const { return input_.columns; }
  std::int32_t columns() const { return row_.values(); }
  /// A name for each column: the axes, or what the last block calls them ("mfcc 3").
  const std::vector<std::string>& column_names() const { return column_names_; }
  /// A feature in the row's unit is the integer times this; one per column.
  const std::vector<double>& column_steps() const { return column_steps_; }
  const std::vector<std::string>& column_units() const { return column_units_; }

  /// Samples that the first row needs, and samples from one row to the next.
  std::int32_t first_row_samples() const { return first_row_samples_; }
  std::int32_t samples_per_row() const { return samples_per_row_; }

  /// Rows of a window. Errors (kInput): window or hop of the model is no whole number of rows; names the
  /// nearest that are.
  Result<std::int32_t> window_rows(std::int32_t window_samples) const;
  Result<std::int32_t> hop_rows(std::int32_t hop_samples) const;

  std::int32_t state_bytes() const { return state_bytes_; }
  std::int32_t work_bytes() const { return work_bytes_; }
  /// Per block; sizes are those of state, scratch and output.
  const std::vector<Place>& states() const { return states_; }
  const std::vector<Place>& scratches() const { return scratches_; }
  const std::vector<Place>& outputs() const { return outputs_; }

 private:
  void place();
  void name_columns(const project::SensorDescription& sensor);

  Blocks blocks_;
  Signal input_, row_;
  std::int32_t first_row_samples_ = 1, samples_per_row_ = 1;
  std::int32_t state_bytes_ = 0, work_bytes_ = 0;
  std::vector<Place> states_, scratches_, outputs_;
  std::vector<std::string> column_names_, column_units_;
  std::vector<double> column_steps_;
};

/// Runs a pipeline over one stream of samples, as the device does.
class Stream {
 public:
  /// `pipeline` must outlive the stream.
  explicit Stream(const Pipeline& pipeline);

  /// Forgets everything: before the first sample, and behind a gap.
  void restart();
  /// Takes one sample, [axis] raw counts; returns the row that it completes, or an empty span. The row is
  /// valid until the next call.
  std::span<const std::int16_t> push(std::span<const std::int16_t> counts);

 private:
  const Pipeline* pipeline_;
  std::vector<std::uint64_t> state_, work_;
};

/// Samples of noise, [sample][axis], that give `rows` rows: what the device's self-test takes too.
std::vector<std::int16_t> noise_of(const Pipeline& pipeline, std::int64_t rows);

/// All rows of a recording, [row][column]. `counts`: [sample][axis].
std::vector<std::int16_t> rows_of(const Pipeline& pipeline, std::span<const std::int16_t> counts);

}  // namespace mote::features
