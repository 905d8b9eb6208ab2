// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace mote::report {

/// An attribute; the value is escaped.
struct Attribute {
  std::string_view name;
  std::string value;
};

/// Finished HTML. Text from outside gets in through text() and attribute values only, which escape it.
class Html {
 public:
  Html() = default;
  /// A literal of ours, taken as it stands.
  template <std::size_t length>
  static Html literal(const char (&html)[length]) {
    return Html(std::string(html, length - 1));
  }

  Html& operator+=(const Html& other) {
    html_ += other.html_;
    return *this;
  }
  friend Html operator+(Html one, const Html& other) { return one += other; }
  const std::string& str() const { return html_; }
  bool empty() const { return html_.empty(); }

 private:
  explicit Html(std::string html) : html_(std::move(html)) {}
  friend Html text(std::string_view text);
  friend Html element(std::string_view tag, std::initializer_list<Attribute> attributes, const Html& content);

  std::string html_;
};

/// Text, escaped.
Html text(std::string_view text);

/// `<tag name="value">content</tag>`; `tag` and names are ours.
Html element(std::string_view tag, std::initializer_list<Attribute> attributes, const Html& content = {});

/// `<tag>content</tag>`.
inline Html element(std::string_view tag, const Html& content) {
  return element(tag, {}, content);
}

/// A cell of a table.
struct TableCell {
  Html content;
  bool number = false;  ///< aligned to the right
};

/// A table with a heading row, in a box that scrolls sideways on a narrow screen; `caption` is for screen
/// readers and printed above.
Html table(std::string_view caption, const std::vector<TableCell>& heading,
           const std::vector<std::vector<TableCell>>& rows);

/// A word in a coloured pill: `status` is "pass", "fail", "manual", "not enough data" or "not run".
Html pill(std::string_view status);

/// A paragraph of plain text.
Html paragraph(std::string_view words);

}  // namespace mote::report
