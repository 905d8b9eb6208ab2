// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mote {

/// Text made safe inside HTML elements and quoted attributes.
std::string escape_html(std::string_view text);

/// Text made safe inside a C string literal (without the quotes); every byte outside printable ASCII becomes
/// an octal escape, `?` too (trigraphs).
std::string escape_c_string(std::string_view text);

/// Text made safe inside a C or C++ comment: printable ASCII that neither ends nor begins a comment nor
/// continues its line (no backslash, no "??", of which "??/" is one); what is not becomes '_'.
std::string escape_comment(std::string_view text);

/// A C identifier made from `text`: other characters become '_', never empty, never starts with a digit.
std::string to_identifier(std::string_view text);

/// Whether `text` is a plain name: 1 to 32 characters of letters, digits, '_', '-', starting with a letter.
bool is_plain_name(std::string_view text);

/// The candidate closest to `word` by edit distance, or empty if none is near (a distance above a third of
/// it).
std::string nearest_name(std::string_view word, std::span<const std::string> candidates);

/// Fields of `line` split at `separator`, each trimmed of spaces; no quoting.
std::vector<std::string_view> split(std::string_view line, char separator);

/// Replaces `word` in `text` wherever it is not part of a longer word of letters, digits and '_'.
void replace_word(std::string& text, std::string_view word, std::string_view replacement);

/// `text` with A ... Z as a ... z; other characters stay.
std::string lower_case(std::string_view text);

/// `text` without spaces, tabs and carriage returns at its ends.
std::string_view trim(std::string_view text);

}  // namespace mote
