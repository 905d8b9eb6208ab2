// SPDX-License-Identifier: Apache-2.0
#include "compile/plan/storage.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

#include "mote/kernels/variant.h"

namespace mote::compile {
namespace {

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

bool overlap(const Part& a, const Part& b) {
  return a.value == b.value && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

}  // namespace

Storages::Storages(const Program& program)
    : program_(program),
      left_out_(program.steps.size(), false),
      storage_(program.values.size()),
      position_(program.values.size(), 0) {
  std::iota(storage_.begin(), storage_.end(), 0);
  add_records();
}

/// One for each input and each part that a step writes; one for the whole of a value whose parts overlap.
void Storages::add_records() {
  std::vector<std::vector<Record>> of_value(program_.values.size());
  for (const std::int32_t input : program_.inputs)
    of_value[at(input)].push_back({{input, 0, program_.values[at(input)].bytes}, {}});
  for (std::int32_t step = 0; step < static_cast<std::int32_t>(program_.steps.size()); ++step)
    for (const Part& part : program_.steps[at(step)].writes)
      of_value[at(part.value)].push_back({part, {step}});
  for (std::vector<Record>& records : of_value) {
    std::ranges::sort(records, {}, [](const Record& record) { return record.part.offset; });
    const auto together = std::ranges::adjacent_find(
        records, [](const Record& a, const Record& b) { return overlap(a.part, b.part); });
    if (together == records.end()) {
      records_.insert(records_.end(), records.begin(), records.end());
      continue;
    }
    const std::int32_t value = records[0].part.value;
    Record whole = {{value, 0, program_.values[at(value)].bytes}, {}};
    for (const Record& record : records) whole.writers.push_back(record.writers.at(0));
    records_.push_back(std::move(whole));
  }
}

/// Puts what the step writes where it comes from.
bool Storages::join(std::int32_t step) {
  const auto record =
      std::ranges::find_if(records_, [&](const Record& one) { return one.writers == std::vector{step}; });
  if (!program_.steps[at(step)].copied || record == records_.end() || left_out_[at(step)])
    return false;  // its bytes cannot be told from those of other steps
  left_out_[at(step)] = true;
  record->is_written = false;
  const Part& from = *program_.steps[at(step)].copied;
  const Part& to = record->part;
  const std::int64_t distance = position_[at(from.value)] + from.offset - position_[at(to.value)] - to.offset;
  const std::int32_t moved = storage_[at(to.value)];
  const std::int32_t into = storage_[at(from.value)];
  if (moved == into) return distance == 0;
  for (std::size_t value = 0; value < storage_.size(); ++value) {
    if (storage_[value] != moved) continue;
    storage_[value] = into;
    position_[value] += distance;
  }
  return true;
}

/// Written records are disjoint, and one base can align all values.
bool Storages::is_sound(std::int32_t storage) const {
  std::vector<const Record*> written;
  for (const Record& record : records_)
    if (record.is_written && storage_[at(record.part.value)] == storage) written.push_back(&record);
  std::ranges::sort(written, {}, [&](const Record* record) { return start(*record); });
  for (std::size_t index = 1; index < written.size(); ++index)
    if (start(*written[index]) < start(*written[index - 1]) + written[index - 1]->part.bytes) return false;

  std::size_t strictest = storage_.size();
  for (std::size_t value = 0; value < storage_.size(); ++value)
    if (storage_[value] == storage &&
        (strictest == storage_.size() ||
         program_.values[value].alignment_bytes > program_.values[strictest].alignment_bytes))
      strictest = value;
  for (std::size_t value = 0; value < storage_.size(); ++value)
    if (storage_[value] == storage &&
        (position_[value] - position_[strictest]) % program_.values[value].alignment_bytes != 0)
      return false;
  return true;
}

bool Storages::leave_out(const std::vector<std::int32_t>& steps) {
  const auto before = std::tuple(left_out_, records_, storage_, position_);
  const auto join_one = [&](std::int32_t step) { return join(step); };
  const auto sound_with = [&](std::int32_t step) {
    return is_sound(storage_[at(program_.steps[at(step)].copied->value)]);
  };
  if (std::ranges::all_of(steps, join_one) && std::ranges::all_of(steps, sound_with)) return true;
  std::tie(left_out_, records_, storage_, position_) = before;
  return false;
}

namespace {

/// Draws a blueprint, storage by storage.
class Drawing {
 public:
  Drawing(const Program& program, const Storages& storages) : program_(program), storages_(storages) {
    blueprint_.piece_of_value.assign(program.values.size(), -1);
    blueprint_.piece_of_scratch.assign(program.steps.size(), -1);
    blueprint_.predecessors.resize(program.steps.size());
    readers_.resize(program.values.size());
    pieces_of_value_.resize(program.values.size());
    is_output_.assign(program.values.size(), false);
    note_uses();
    cut_storages();
    for (const std::int32_t step : blueprint_.steps) {
      add_scratch(step);
      add_overlays(step);
      add_replacement(step);
      add_predecessors(step);
    }
  }

  Blueprint take() { return std::move(blueprint_); }

 private:
  std::int32_t end(std::int32_t value) const {
    return storages_.position(value) + program_.values[at(value)].bytes;
  }

  void note_uses() {
    for (std::int32_t step = 0; step < static_cast<std::int32_t>(program_.steps.size()); ++step) {
      if (storages_.is_left_out(step)) continue;
      blueprint_.steps.push_back(step);
      for (const Read& read : program_.steps[at(step)].reads) readers_[at(read.value)].push_back(step);
    }
    for (const std::int32_t output : program_.outputs) is_output_[at(output)] = true;
  }

  void cut_storages() {
    std::vector<std::vector<std::int32_t>> members(program_.values.size());
    for (std::int32_t value = 0; value < static_cast<std::int32_t>(program_.values.size()); ++value)
      members[at(storages_.storage(value))].push_back(value);
    std::vector<std::vector<const Record*>> records(program_.values.size());
    for (const Record& record : storages_.records())
      if (record.is_written) records[at(storages_.storage(record.part.value))].push_back(&record);
    for (std::size_t storage = 0; storage < members.size(); ++storage)
      if (!members[storage].empty()) cut_storage(members[storage], records[storage]);
  }

  /// Cuts wherever a value begins or ends, so that no value has a part of a piece only.
  void cut_storage(const std::vector<std::int32_t>& values, const std::vector<const Record*>& records) {
    std::vector<std::int32_t> cuts;
    for (const std::int32_t value : values) {
      cuts.push_back(storages_.position(value));
      cuts.push_back(end(value));
    }
    for (const Record* record : records) {
      cuts.push_back(storages_.start(*record));
      cuts.push_back(storages_.start(*record) + record->part.bytes);
    }
    std::ranges::sort(cuts);
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    std::int32_t anchor = -1;
    for (std::size_t cut = 0; cut + 1 < cuts.size(); ++cut)
      for (const Record* record : records) {
        const std::int32_t start = storages_.start(*record);
        if (cuts[cut] < start || cuts[cut + 1] > start + record->part.bytes) continue;
        const std::int32_t piece = add_piece(values, *record, cuts[cut], cuts[cut + 1]);
        if (anchor < 0)
          anchor = piece;
        else
          blueprint_.ties.push_back({piece, anchor, cuts[cut] - position_[at(anchor)]});
      }
  }

  std::int32_t add_piece(const std::vector<std::int32_t>& values, const Record& record, std::int32_t from,
                         std::int32_t to) {
    const auto index = static_cast<std::int32_t>(blueprint_.pieces.size());
    Piece piece = {to - from, alignment(values, from), record.writers, {}, false};
    for (const std::int32_t value : values) {
      if (from < storages_.position(value) || to > end(value)) continue;
      piece.readers.insert(piece.readers.end(), readers_[at(value)].begin(), readers_[at(value)].end());
      piece.is_output = piece.is_output || is_output_[at(value)];
      pieces_of_value_[at(value)].push_back(index);
      if (from == storages_.position(value)) blueprint_.piece_of_value[at(value)] = index;
    }
    std::ranges::sort(piece.readers);
    piece.readers.erase(std::unique(piece.readers.begin(), piece.readers.end()), piece.readers.end());
    position_.push_back(from);
    blueprint_.pieces.push_back(std::move(piece));
    return index;
  }

  /// What the strictest of the values means for a piece at `position`.
  std::int32_t alignment(const std::vector<std::int32_t>& values, std::int32_t position) const {
    const std::int32_t strictest = *std::ranges::max_element(
        values, {}, [&](std::int32_t value) { return program_.values[at(value)].alignment_bytes; });
    const std::int32_t distance = position - storages_.position(strictest);
    const std::int32_t alignment = program_.values[at(strictest)].alignment_bytes;
    return distance == 0 ? alignment : std::min(alignment, distance & -distance);
  }

  void add_scratch(std::int32_t step) {
    const std::int32_t bytes = program_.steps[at(step)].scratch_bytes;
    if (bytes == 0) return;
    blueprint_.piece_of_scratch[at(step)] = static_cast<std::int32_t>(blueprint_.pieces.size());
    blueprint_.pieces.push_back({bytes, kScratchAlignmentBytes, {step}, {}, false});
  }

  /// How far ahead of the first written value each piece must be that the step reads, seen from the start of
  /// that value: through several operands as far as the strictest says.
  std::map<std::int32_t, std::int64_t> ahead_of_pieces(const Step& step) const {
    std::map<std::int32_t, std::int64_t> result;
    for (const Read& read : step.reads)
      for (const std::int32_t piece : pieces_of_value_[at(read.value)]) {
        const std::int64_t into = position_[at(piece)] - storages_.position(read.value);
        const std::int64_t ahead = read.ahead_bytes < 0 ? kNever : read.ahead_bytes + into;
        const auto [known, is_new] = result.try_emplace(piece, ahead);
        if (!is_new) known->second = std::max(known->second, ahead);
      }
    return result;
  }

  void add_overlays(std::int32_t step) {
    const Step& current = program_.steps[at(step)];
    if (current.writes.empty()) return;
    const std::int32_t written = current.writes[0].value;
    for (const auto& [input, ahead] : ahead_of_pieces(current))
      for (const std::int32_t output : pieces_of_value_[at(written)]) {
        const bool writes = std::ranges::count(blueprint_.pieces[at(output)].writers, step) > 0;
        if (ahead == kNever || !writes) continue;
        const std::int32_t into = position_[at(output)] - storages_.position(written);
        blueprint_.overlays.push_back({step, {output, input, static_cast<std::int32_t>(ahead - into)}});
      }
  }

  /// Lets an output replace the input of the same step, where both are one piece.
  void add_replacement(std::int32_t step) {
    const Step& current = program_.steps[at(step)];
    if (current.writes.size() != 1 || current.reads.size() != 1) return;
    if (current.reads[0].ahead_bytes != kernels::kInPlace) return;
    const std::vector<std::int32_t>& inputs = pieces_of_value_[at(current.reads[0].value)];
    const std::vector<std::int32_t>& outputs = pieces_of_value_[at(current.writes[0].value)];
    if (inputs.size() == 1 && outputs.size() == 1)
      blueprint_.overlays.push_back({step, {outputs[0], inputs[0], 0, true}});
  }

  void add_predecessors(std::int32_t step) {
    std::vector<std::int32_t>& before = blueprint_.predecessors[at(step)];
    for (const Read& read : program_.steps[at(step)].reads)
      for (const std::int32_t piece : pieces_of_value_[at(read.value)])
        before.insert(before.end(), blueprint_.pieces[at(piece)].writers.begin(),
                      blueprint_.pieces[at(piece)].writers.end());
    for (const Part& part : program_.steps[at(step)].writes)
      for (const std::int32_t piece : pieces_of_value_[at(part.value)])
        for (const std::int32_t writer : blueprint_.pieces[at(piece)].writers)
          if (writer < step && std::ranges::count(blueprint_.pieces[at(piece)].writers, step) > 0)
            before.push_back(writer);
    for (const std::int32_t state : program_.steps[at(step)].states)
      for (const std::int32_t earlier : blueprint_.steps)
        if (earlier < step && std::ranges::count(program_.steps[at(earlier)].states, state) > 0)
          before.push_back(earlier);
    std::ranges::sort(before);
    before.erase(std::unique(before.begin(), before.end()), before.end());
  }

  static constexpr std::int32_t kScratchAlignmentBytes = 4;
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  const Program& program_;
  const Storages& storages_;
  Blueprint blueprint_;
  std::vector<std::vector<std::int32_t>> readers_;          ///< by value
  std::vector<std::vector<std::int32_t>> pieces_of_value_;  ///< by value
  std::vector<bool> is_output_;                             ///< by value
  std::vector<std::int32_t> position_;                      ///< by piece, in its storage
};

}  // namespace

Blueprint draw(const Program& program, const Storages& storages) {
  return Drawing(program, storages).take();
}

MemoryNeeds needs_of(const Blueprint& blueprint, const std::vector<std::int32_t>& order) {
  std::vector<std::int32_t> place(blueprint.predecessors.size(), -1);
  for (std::size_t index = 0; index < order.size(); ++index)
    place[at(order[index])] = static_cast<std::int32_t>(index);
  MemoryNeeds needs;
  needs.ties = blueprint.ties;
  for (const Piece& piece : blueprint.pieces) {
    std::int32_t first = piece.writers.empty() ? -1 : static_cast<std::int32_t>(order.size());
    std::int32_t last = piece.is_output ? static_cast<std::int32_t>(order.size()) : -1;
    for (const std::int32_t writer : piece.writers) {
      first = std::min(first, place[at(writer)]);
      last = std::max(last, place[at(writer)]);
    }
    for (const std::int32_t reader : piece.readers) last = std::max(last, place[at(reader)]);
    needs.buffers.push_back({piece.bytes, first, last, piece.alignment_bytes});
  }
  for (const PieceOverlay& piece : blueprint.overlays) {
    const Buffer& input = needs.buffers[at(piece.overlay.input)];
    const Buffer& output = needs.buffers[at(piece.overlay.output)];
    const std::int32_t step = place[at(piece.step)];
    if (input.last == step && output.first == step && input.first < step)
      needs.overlays.push_back(piece.overlay);
  }
  return needs;
}

}  // namespace mote::compile
