// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace mote::cli {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

std::string printable(std::string_view text) {
  std::string safe(text);
  std::replace_if(safe.begin(), safe.end(), is_control, '?');
  return safe;
}

bool colours() {
  static const bool wanted = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  return wanted;
}

std::string_view escape_code(Style style) {
  switch (style) {
    case Style::kBold:
      return "\x1b[1m";
    case Style::kDim:
      return "\x1b[2m";
    case Style::kGood:
      return "\x1b[32m";
    case Style::kWarning:
      return "\x1b[33m";
    case Style::kBad:
      return "\x1b[1;31m";
    case Style::kPlain:
      break;
  }
  return "";
}

/// Characters that a terminal shows for UTF-8 text without wide characters.
std::size_t shown_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string styled(Style style, std::string_view text) {
  if (style == Style::kPlain || !colours()) return printable(text);
  return fmt::format("{}{}\x1b[0m", escape_code(style), printable(text));
}

void print_line(std::string_view line) {
  fmt::print("{}\n", line);
}

void print_next(std::string_view command, std::string_view why) {
  fmt::print("\nnext: {}{}{}\n", styled(Style::kBold, command), why.empty() ? "" : "   ", why);
}

void print_table(const std::vector<std::vector<Cell>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column)
      widths[column] = std::max(widths[column], shown_width(row[column].text));
  }
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::string line;
    for (std::size_t column = 0; column < rows[row].size(); ++column) {
      const Cell& cell = rows[row][column];
      const std::string padding(widths[column] - shown_width(cell.text), ' ');
      const std::string text =
          styled(row == 0 && cell.style == Style::kPlain ? Style::kDim : cell.style, cell.text);
      const bool last = column + 1 == rows[row].size();
      line += cell.right ? padding + text : text + (last ? "" : padding);
      if (!last) line += "  ";
    }
    print_line(line);
  }
}

std::string bar(double share, int width) {
  const int filled = static_cast<int>(std::clamp(share, 0.0, 1.0) * width + 0.5);
  return "[" + std::string(static_cast<std::size_t>(filled), '#') +
         std::string(static_cast<std::size_t>(width - filled), '-') + "]";
}

std::string bytes_text(std::int64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  if (bytes < 1024 * 1024) return fmt::format("{:.1f} KB", static_cast<double>(bytes) / 1024.0);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / (1024.0 * 1024.0));
}

ProgressBar::ProgressBar(std::string title, bool quiet)
    : title_(std::move(title)), quiet_(quiet), terminal_(::isatty(STDERR_FILENO) != 0) {}

ProgressBar::~ProgressBar() {
  finish();
}

ProgressSink ProgressBar::sink() {
  return [this](const Progress& progress) { show(progress); };
}

void ProgressBar::show(const Progress& progress) {
  if (quiet_) return;
  const auto now = std::chrono::steady_clock::now();
  const auto pause = terminal_ ? std::chrono::milliseconds(50) : std::chrono::milliseconds(1000);
  const bool last = progress.done >= progress.total;
  if (!last && now - last_ < pause) return;
  last_ = now;
  const double share =
      progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0;
  const std::string line =
      fmt::format("{} {} {}/{}  {}", title_, bar(share), progress.done, progress.total, progress.text);
  std::fflush(stdout);  // what was printed before comes before, also where both go to one file
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r" : "", line, terminal_ ? "\x1b[K" : "\n");
  std::fflush(stderr);
  drawn_ = true;
}

void ProgressBar::finish() {
  if (drawn_ && terminal_) fmt::print(stderr, "\n");
  drawn_ = false;
}

}  // namespace mote::cli
