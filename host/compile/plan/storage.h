// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "compile/plan/schedule.h"

namespace mote::compile {

/// Bytes of a value that get their content together: from outside, or from one step, or from several whose
/// parts cannot be told apart.
struct Record {
  Part part;
  std::vector<std::int32_t> writers;  ///< none for an input of the program
  bool is_written = true;             ///< false: its writer is left out, the bytes come from where it copied
};

/// Where each value lies if some copying steps are left out: what they read and write then shares a storage.
///
/// The rule that makes every such sharing safe: in a storage, records that are written are disjoint. So each
/// byte gets its content once, and whatever reads it finds that, as long as it is kept; and it is kept until
/// its last reader.
class Storages {
 public:
  /// No step left out: each value is a storage of its own.
  explicit Storages(const Program& program);

  /// Leaves out steps that copy, all of them together. False, and nothing changes, if the rule or an
  /// alignment forbids it.
  bool leave_out(const std::vector<std::int32_t>& steps);

  bool is_left_out(std::int32_t step) const { return left_out_[static_cast<std::size_t>(step)]; }
  /// Any number; the same for values that share a storage.
  std::int32_t storage(std::int32_t value) const { return storage_[static_cast<std::size_t>(value)]; }
  /// Distance between starts of values of one storage = difference of their positions.
  std::int32_t position(std::int32_t value) const {
    return static_cast<std::int32_t>(position_[static_cast<std::size_t>(value)]);
  }
  const std::vector<Record>& records() const { return records_; }
  std::int32_t start(const Record& record) const { return position(record.part.value) + record.part.offset; }

 private:
  void add_records();
  bool join(std::int32_t step);
  bool is_sound(std::int32_t storage) const;

  const Program& program_;
  std::vector<bool> left_out_;
  std::vector<Record> records_;
  std::vector<std::int32_t> storage_;
  std::vector<std::int64_t> position_;
};

/// A part of a record whose bytes have the same readers, or scratch memory.
struct Piece {
  std::int32_t bytes = 0;
  std::int32_t alignment_bytes = 1;
  std::vector<std::int32_t> writers;  ///< none for an input of the program
  std::vector<std::int32_t> readers;  ///< the steps that remain and read it, ascending
  bool is_output = false;
};

/// Permission for an output piece to lie over an input piece in `step`, if the one begins there and the other
/// ends.
struct PieceOverlay {
  std::int32_t step = 0;
  Overlay overlay;
};

/// Everything about a program's memory that does not depend on the order of its steps.
struct Blueprint {
  std::vector<Piece> pieces;
  std::vector<PieceOverlay> overlays;
  std::vector<Tie> ties;
  std::vector<std::int32_t> steps;                      ///< those that remain, in the program's order
  std::vector<std::vector<std::int32_t>> predecessors;  ///< by step: those that must run before it
  std::vector<std::int32_t> piece_of_value;             ///< by value: the one that it begins with
  std::vector<std::int32_t> piece_of_scratch;           ///< by step; -1 if it needs none
};

Blueprint draw(const Program& program, const Storages& storages);

/// The needs of the pieces, in this order, if the steps run in `order`.
MemoryNeeds needs_of(const Blueprint& blueprint, const std::vector<std::int32_t>& order);

}  // namespace mote::compile
