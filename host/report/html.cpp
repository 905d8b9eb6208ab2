// SPDX-License-Identifier: Apache-2.0
#include "report/html.h"

#include "core/text.h"

namespace mote::report {

Html text(std::string_view text) {
  return Html(escape_html(text));
}

Html element(std::string_view tag, std::initializer_list<Attribute> attributes, const Html& content) {
  std::string html = "<" + std::string(tag);
  for (const Attribute& attribute : attributes)
    html += " " + std::string(attribute.name) + "=\"" + escape_html(attribute.value) + "\"";
  return Html(html + ">" + content.str() + "</" + std::string(tag) + ">");
}

Html table(std::string_view caption, const std::vector<TableCell>& heading,
           const std::vector<std::vector<TableCell>>& rows) {
  const auto cell_class = [](const TableCell& cell) { return std::string(cell.number ? "number" : ""); };
  Html head, body;
  for (const TableCell& cell : heading)
    head += element("th", {{"scope", "col"}, {"class", cell_class(cell)}}, cell.content);
  for (const auto& row : rows) {
    Html cells;
    for (const TableCell& cell : row) cells += element("td", {{"class", cell_class(cell)}}, cell.content);
    body += element("tr", cells);
  }
  const Html content = (caption.empty() ? Html() : element("caption", text(caption))) +
                       element("thead", element("tr", head)) + element("tbody", body);
  return element("div", {{"class", "scroll"}, {"tabindex", "0"}}, element("table", content));
}

Html pill(std::string_view status) {
  const std::string_view kind = status == "pass"      ? "good"
                                : status == "fail"    ? "bad"
                                : status == "not run" ? "quiet"
                                                      : "warn";
  return element("span", {{"class", "pill " + std::string(kind)}}, text(status));
}

Html paragraph(std::string_view words) {
  return element("p", text(words));
}

}  // namespace mote::report
