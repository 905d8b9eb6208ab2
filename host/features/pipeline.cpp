// SPDX-License-Identifier: Apache-2.0
#include "features/pipeline.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "mote/dsp/noise.h"

namespace mote::features {

namespace kinds {
#define MOTE_BLOCK(name) extern const BlockKind name;
#include "features/blocks.def"
#undef MOTE_BLOCK
}  // namespace kinds

namespace {

constexpr std::size_t kMostBlocks = 64;
constexpr std::int32_t kMostColumns = 16384;
constexpr std::int32_t kMostSamples = 1 << 24;
constexpr std::int32_t kAlignment = 8;

const BlockKind* const kKinds[] = {
#define MOTE_BLOCK(name) &kinds::name,
#include "features/blocks.def"
#undef MOTE_BLOCK
};

std::int32_t aligned(std::int32_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

Signal samples_of(const project::SensorDescription& sensor) {
  Signal signal;
  signal.columns = sensor.axis_count();
  signal.frames_hz = sensor.rate_hz();
  signal.channels = sensor.axis_names();
  if (!sensor.groups.empty()) {
    signal.unit = project::to_string(sensor.groups[0].unit);
    signal.step = sensor.groups[0].range / 32768.0;
  }
  for (const auto& group : sensor.groups)
    if (group.unit != sensor.groups[0].unit || group.range != sensor.groups[0].range) {
      signal.unit = "mixed";
      signal.step = 1;
    }
  return signal;
}

Result<const BlockKind*> kind_named(const project::FeatureBlock& block) {
  std::vector<std::string> names;
  for (const BlockKind* kind : kKinds) {
    if (kind->name == block.block) return kind;
    names.emplace_back(kind->name);
  }
  const std::string nearest = nearest_name(block.block, names);
  std::string known;
  for (const auto& name : names) known += (known.empty() ? "known blocks: " : ", ") + name;
  return fail(ErrorKind::kInput, fmt::format("unknown block \"{}\"", escape_comment(block.block)),
              block.where, nearest.empty() ? known : fmt::format("did you mean {}?", nearest));
}

std::string frame_text(const Signal& signal) {
  return fmt::format("{} of {} x {}", to_string(signal.element), signal.rows, signal.columns);
}

}  // namespace

std::string_view to_string(Element element) {
  switch (element) {
    case Element::kInt16:
      return "int16_t";
    case Element::kInt32:
      return "int32_t";
    case Element::kUint32:
      break;
  }
  return "uint32_t";
}

std::int32_t bytes_of(Element element) {
  return element == Element::kInt16 ? 2 : 4;
}

std::span<const BlockKind* const> block_kinds() {
  return kKinds;
}

Result<Pipeline> Pipeline::create(const std::vector<project::FeatureBlock>& settings,
                                  const project::SensorDescription& sensor) {
  if (settings.size() > kMostBlocks)
    return fail(ErrorKind::kInput,
                fmt::format("{} blocks, expected at most {}", settings.size(), kMostBlocks),
                settings[kMostBlocks].where);
  if (!settings.empty() && (sensor.axis_count() < 1 || sensor.rate_millihertz < 1))
    return fail(ErrorKind::kInput, "features need a sensor with axes and a sample rate",
                settings.front().where);
  Pipeline pipeline;
  pipeline.input_ = samples_of(sensor);
  Signal signal = pipeline.input_;
  std::int64_t first = 1, step = 1;
  for (const project::FeatureBlock& item : settings) {
    MOTE_TRY(const BlockKind* kind, kind_named(item));
    const Settings reader(item);
    MOTE_TRY(Blocks made, kind->make(reader, signal));
    for (auto& block : made) {
      if (block->inputs() != signal.values() || block->input_element() != signal.element)
        return reader.refuse_block(fmt::format("takes {} values of {}, and gets {}", block->inputs(),
                                               to_string(block->input_element()), frame_text(signal)),
                                   "the block before it must give what it takes");
      if (block->name.empty()) block->name = kind->name;
      first += (block->frame() - 1) * step;
      step *= block->hop();
      if (first > kMostSamples || step > kMostSamples)
        return reader.refuse_block(fmt::format("needs more than {} samples for a row", kMostSamples));
      signal = block->output;
      pipeline.blocks_.push_back(std::move(block));
    }
  }
  if (signal.element != Element::kInt16)
    return Settings(settings.back())
        .refuse_block(
            fmt::format("is the last and gives {}, but a model takes int16", to_string(signal.element)),
            "put a block behind it that gives int16, such as `log`");
  if (signal.values() > kMostColumns)
    return fail(ErrorKind::kInput,
                fmt::format("a row has {} features, expected at most {}", signal.values(), kMostColumns),
                settings.empty() ? "" : settings.back().where);
  pipeline.row_ = signal;
  pipeline.first_row_samples_ = static_cast<std::int32_t>(first);
  pipeline.samples_per_row_ = static_cast<std::int32_t>(step);
  pipeline.place();
  pipeline.name_columns(sensor);
  return pipeline;
}

/// States one behind the other; in the work area each output and scratch at the lowest place that is free
/// while its block runs.
void Pipeline::place() {
  Place input;  // samples are the caller's
  for (const auto& block : blocks_) {
    std::vector<Place> taken = {input};
    const auto take = [&](std::int32_t size_bytes) {
      Place place{0, size_bytes};
      std::ranges::sort(taken, {}, &Place::offset_bytes);
      for (const Place& other : taken)
        if (place.offset_bytes + place.size_bytes > other.offset_bytes)
          place.offset_bytes = std::max(place.offset_bytes, aligned(other.offset_bytes + other.size_bytes));
      work_bytes_ = std::max(work_bytes_, aligned(place.offset_bytes + size_bytes));
      taken.push_back(place);
      return place;
    };
    const bool over_input = block->in_place() && input.size_bytes > 0;
    if (over_input) taken.clear();
    Place output{input.offset_bytes, block->output.bytes()};
    if (over_input) {
      taken.push_back({input.offset_bytes, std::max(input.size_bytes, output.size_bytes)});
      work_bytes_ = std::max(work_bytes_, aligned(output.offset_bytes + output.size_bytes));
    } else {
      output = take(output.size_bytes);
    }
    outputs_.push_back(output);
    scratches_.push_back(take(block->scratch_bytes()));
    states_.push_back({state_bytes_, block->state_bytes()});
    state_bytes_ += aligned(block->state_bytes());
    input = output;
  }
}

void Pipeline::name_columns(const project::SensorDescription& sensor) {
  if (blocks_.empty()) {
    column_names_ = sensor.axis_names();
    for (const auto& group : sensor.groups)
      for (std::size_t axis = 0; axis < group.axes.size(); ++axis) {
        column_steps_.push_back(group.range / 32768.0);
        column_units_.emplace_back(project::to_string(group.unit));
      }
    return;
  }
  const Block& last = *blocks_.back();
  column_names_ = last.column_names;
  if (column_names_.size() != static_cast<std::size_t>(columns())) {
    column_names_.clear();
    for (std::int32_t column = 0; column < columns(); ++column)
      column_names_.push_back(fmt::format("{} {}", last.name, column));
  }
  column_steps_ = last.column_steps;
  column_units_ = last.column_units;
  column_steps_.resize(column_names_.size(), row_.step);
  column_units_.resize(column_names_.size(), row_.unit);
}

Result<std::int32_t> Pipeline::window_rows(std::int32_t window_samples) const {
  const std::int32_t behind = window_samples - first_row_samples_;
  if (behind >= 0 && behind % samples_per_row_ == 0) return 1 + behind / samples_per_row_;
  const std::int32_t lower = first_row_samples_ + std::max(behind, 0) / samples_per_row_ * samples_per_row_;
  return fail(
      ErrorKind::kInput,
      fmt::format(
          "model.window is {} samples, which is no whole number of feature rows: the first row takes {} "
          "samples, each further one {}",
          window_samples, first_row_samples_, samples_per_row_),
      "mote.toml", fmt::format("take {} or {}", lower, lower + samples_per_row_));
}

Result<std::int32_t> Pipeline::hop_rows(std::int32_t hop_samples) const {
  if (hop_samples % samples_per_row_ == 0) return hop_samples / samples_per_row_;
  const std::int32_t lower = hop_samples / samples_per_row_ * samples_per_row_;
  return fail(
      ErrorKind::kInput,
      fmt::format("model.hop is {} samples, which is no whole number of feature rows: there is one every {} "
                  "samples",
                  hop_samples, samples_per_row_),
      "mote.toml",
      lower == 0 ? fmt::format("take {}", samples_per_row_)
                 : fmt::format("take {} or {}", lower, lower + samples_per_row_));
}

Stream::Stream(const Pipeline& pipeline)
    : pipeline_(&pipeline),
      state_(static_cast<std::size_t>(pipeline.state_bytes() / kAlignment)),
      work_(static_cast<std::size_t>(pipeline.work_bytes() / kAlignment)) {
  restart();
}

void Stream::restart() {
  auto* const state = reinterpret_cast<std::uint8_t*>(state_.data());
  for (std::size_t index = 0; index < pipeline_->blocks().size(); ++index)
    pipeline_->blocks()[index]->restart(state + pipeline_->states()[index].offset_bytes);
}

std::span<const std::int16_t> Stream::push(std::span<const std::int16_t> counts) {
  auto* const state = reinterpret_cast<std::uint8_t*>(state_.data());
  auto* const work = reinterpret_cast<std::uint8_t*>(work_.data());
  const void* input = counts.data();
  for (std::size_t index = 0; index < pipeline_->blocks().size(); ++index) {
    void* const output = work + pipeline_->outputs()[index].offset_bytes;
    if (!pipeline_->blocks()[index]->push(input, output, state + pipeline_->states()[index].offset_bytes,
                                          work + pipeline_->scratches()[index].offset_bytes))
      return {};
    input = output;
  }
  return {static_cast<const std::int16_t*>(input), static_cast<std::size_t>(pipeline_->columns())};
}

std::vector<std::int16_t> noise_of(const Pipeline& pipeline, std::int64_t rows) {
  const std::int64_t samples = pipeline.first_row_samples() + (rows - 1) * pipeline.samples_per_row();
  std::vector<std::int16_t> counts(static_cast<std::size_t>(samples * pipeline.axes()));
  for (std::size_t index = 0; index < counts.size(); ++index)
    counts[index] = dsp::noise_count(static_cast<std::int32_t>(index));
  return counts;
}

std::vector<std::int16_t> rows_of(const Pipeline& pipeline, std::span<const std::int16_t> counts) {
  if (pipeline.blocks().empty()) return {counts.begin(), counts.end()};
  std::vector<std::int16_t> rows;
  Stream stream(pipeline);
  const auto axes = static_cast<std::size_t>(pipeline.axes());
  for (std::size_t start = 0; start + axes <= counts.size(); start += axes) {
    const auto row = stream.push(counts.subspan(start, axes));
    rows.insert(rows.end(), row.begin(), row.end());
  }
  return rows;
}

}  // namespace mote::features
