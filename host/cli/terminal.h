// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/progress.h"

namespace mote::cli {

enum class Style { kPlain, kBold, kDim, kGood, kWarning, kBad };

/// `text` in a style, if standard output is a terminal and NO_COLOR is not set; plain otherwise. Control
/// characters in `text` are replaced, since it may come from a file.
std::string styled(Style style, std::string_view text);

/// Prints a line to standard output.
void print_line(std::string_view line = {});

/// Prints "next: COMMAND   why", the last line of every command.
void print_next(std::string_view command, std::string_view why = {});

/// A cell of a table; numbers are aligned to the right.
struct Cell {
  std::string text;
  Style style = Style::kPlain;
  bool right = false;
};

/// Prints rows with aligned columns, two spaces apart; the first row is the heading.
void print_table(const std::vector<std::vector<Cell>>& rows);

/// "[######----]" for a share of 0 ... 1, `width` characters between the brackets.
std::string bar(double share, int width = 20);

/// "12.3 KB", "312 B".
std::string bytes_text(std::int64_t bytes);

/// Shows progress on standard error: a bar that redraws itself on a terminal, else at most one line a second;
/// nothing if `quiet`.
class ProgressBar {
 public:
  explicit ProgressBar(std::string title, bool quiet);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  /// The sink to hand to a stage; lives as long as the bar.
  ProgressSink sink();
  /// Ends the line.
  void finish();

 private:
  void show(const Progress& progress);

  std::string title_;
  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_ = {};
};

}  // namespace mote::cli
