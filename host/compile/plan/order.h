// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "compile/plan/storage.h"

namespace mote::compile {

/// Searches the orders of a blueprint's steps, and places its pieces in the most promising ones.
class OrderSearch {
 public:
  struct Found {
    std::vector<std::int32_t> order;
    MemoryPlan plan;
    std::int64_t bound = 0;  ///< the lowest that any order seen may need
  };

  /// `effort` [in, out]: what it looks at is subtracted.
  OrderSearch(const Blueprint& blueprint, ScheduleEffort& effort);

  /// The best that it finds below `limit_bytes`; nothing if there is none.
  std::optional<Found> run(std::int64_t limit_bytes);

 private:
  using Order = std::vector<std::int32_t>;
  struct Candidate {
    std::int64_t bound = 0;
    Order order;
  };

  bool list_all();
  bool extend(Order& order, std::vector<bool>& done);
  bool is_ready(std::int32_t step, const std::vector<bool>& done) const;
  void keep(const Order& order, std::int64_t bound);
  std::int64_t bound_of(const Order& order) const;
  Order greedy_order() const;
  std::int64_t growth(std::int32_t step, const std::vector<bool>& done) const;
  void change(Order order);

  const Blueprint& blueprint_;
  ScheduleEffort& effort_;
  std::vector<std::vector<std::int32_t>> successors_;
  std::vector<Candidate> candidates_;
};

}  // namespace mote::compile
