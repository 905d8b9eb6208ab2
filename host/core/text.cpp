// SPDX-License-Identifier: Apache-2.0
#include "core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <numeric>

namespace mote {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t from = 1; from <= a.size(); ++from) {
    std::size_t diagonal = row[0];
    row[0] = from;
    for (std::size_t to = 1; to <= b.size(); ++to) {
      const std::size_t substituted = diagonal + (a[from - 1] == b[to - 1] ? 0 : 1);
      diagonal = row[to];
      row[to] = std::min({substituted, row[to] + 1, row[to - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string escape_c_string(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      safe += '\\';
      safe += c;
    } else if (is_printable(c) && c != '?') {
      safe += c;
    } else {
      safe += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    }
  }
  return safe;
}

std::string escape_comment(std::string_view text) {
  std::string safe(text);
  for (std::size_t at = 0; at < safe.size(); ++at) {
    const char before = at > 0 ? safe[at - 1] : ' ';
    const bool delimiter = (before == '*' && safe[at] == '/') || (before == '/' && safe[at] == '*');
    const bool trigraph = before == '?' && safe[at] == '?';
    if (!is_printable(safe[at]) || safe[at] == '\\' || delimiter || trigraph) safe[at] = '_';
  }
  return safe;
}

std::string to_identifier(std::string_view text) {
  std::string name;
  for (const char c : text) name += is_letter(c) || is_digit(c) ? c : '_';
  if (name.empty() || is_digit(name.front())) name.insert(name.begin(), '_');
  return name;
}

bool is_plain_name(std::string_view text) {
  return !text.empty() && text.size() <= 32 && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; });
}

std::string nearest_name(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  std::size_t best_distance = (word.size() + 1) / 3;
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance <= best_distance && (best.empty() || distance < best_distance)) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::vector<std::string_view> split(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  for (;;) {
    const auto end = line.find(separator);
    fields.push_back(trim(line.substr(0, end)));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

void replace_word(std::string& text, std::string_view word, std::string_view replacement) {
  const auto is_letter = [](char c) {
    return (std::isalnum(static_cast<unsigned char>(c)) != 0) || c == '_';
  };
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos;) {
    const std::size_t end = at + word.size();
    const bool whole = (at == 0 || !is_letter(text[at - 1])) && (end == text.size() || !is_letter(text[end]));
    if (whole) text.replace(at, word.size(), replacement);
    at += whole ? replacement.size() : word.size();
  }
}

}  // namespace mote
