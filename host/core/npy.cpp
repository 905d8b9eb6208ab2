// SPDX-License-Identifier: Apache-2.0
#include "core/npy.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <string>

#include "core/text.h"

namespace mote {
namespace {

static_assert(std::endian::native == std::endian::little, "items are copied as they lie in memory");

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaximumAxes = 32;  // NumPy's own limit
constexpr std::size_t kMaximumHeaderBytes = 65535;
constexpr std::int64_t kMaximumElements = std::int64_t{1} << 40;

struct Header {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  int entries_seen = 0;  // a bit each for descr, fortran_order, shape
};

/// Reads the header, a Python dictionary literal of strings, booleans and tuples of integers.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, std::string_view where) : rest_(text), where_(where) {}

  Result<Header> parse() {
    Header header;
    MOTE_CHECK(expect('{'));
    while (!accept('}')) {
      MOTE_TRY(const std::string key, string());
      MOTE_CHECK(expect(':'));
      MOTE_CHECK(entry(key, header));
      if (accept(',')) continue;
      MOTE_CHECK(expect('}'));
      break;
    }
    if (header.entries_seen != 7) return error("the header lacks 'descr', 'fortran_order' or 'shape'");
    return header;
  }

 private:
  Result<void> entry(const std::string& key, Header& header) {
    if (key == "descr") {
      MOTE_TRY(header.descr, string());
      header.entries_seen |= 1;
    } else if (key == "fortran_order") {
      MOTE_TRY(header.fortran_order, boolean());
      header.entries_seen |= 2;
    } else if (key == "shape") {
      MOTE_TRY(header.shape, tuple());
      header.entries_seen |= 4;
    } else {
      return error("the header has an unknown key '" + escape_comment(key) + "'");
    }
    return {};
  }

  Result<std::string> string() {
    skip_spaces();
    const char quote = rest_.empty() ? '\0' : rest_.front();
    const auto end = quote == '\'' || quote == '"' ? rest_.find(quote, 1) : std::string_view::npos;
    if (end == std::string_view::npos) return error("the header is damaged: expected a string");
    std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return text;
  }

  Result<bool> boolean() {
    skip_spaces();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (!rest_.starts_with(word)) continue;
      rest_.remove_prefix(word.size());
      return value;
    }
    return error("the header is damaged: expected True or False");
  }

  Result<std::vector<std::int64_t>> tuple() {
    std::vector<std::int64_t> items;
    MOTE_CHECK(expect('('));
    while (!accept(')')) {
      skip_spaces();
      std::int64_t item = 0;
      const auto [end, failure] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), item);
      if (failure != std::errc{} || item < 0) return error("the shape is damaged: expected a length");
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      items.push_back(item);
      if (items.size() > kMaximumAxes)
        return error(fmt::format("the array has more than {} axes", kMaximumAxes));
      if (accept(',')) continue;
      MOTE_CHECK(expect(')'));
      break;
    }
    return items;
  }

  void skip_spaces() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n')) rest_.remove_prefix(1);
  }
  bool accept(char wanted) {
    skip_spaces();
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  Result<void> expect(char wanted) {
    if (accept(wanted)) return {};
    return error(fmt::format("the header is damaged: expected '{}'", wanted));
  }
  std::unexpected<Error> error(std::string what) const {
    return fail(ErrorKind::kInput, std::move(what), std::string(where_));
  }

  std::string_view rest_;
  std::string_view where_;
};

/// Sets kind and size from "<f8"; returns whether the items are big endian.
Result<bool> read_type(const std::string& descr, std::string_view where, NpyArray& array) {
  static constexpr std::string_view kKnown[] = {"f4", "f8", "i1", "i2", "i4", "i8",
                                                "u1", "u2", "u4", "u8", "b1"};
  const std::string_view type = std::string_view(descr).substr(std::min<std::size_t>(1, descr.size()));
  const bool order_known =
      !descr.empty() && std::string_view("<>|=").find(descr[0]) != std::string_view::npos;
  if (!order_known || std::find(std::begin(kKnown), std::end(kKnown), type) == std::end(kKnown))
    return fail(ErrorKind::kInput,
                fmt::format("the items have type '{}', expected a float, integer or bool type",
                            escape_comment(descr)),
                std::string(where));
  array.kind = type[0];
  array.item_bytes = type[1] - '0';
  return descr[0] == '>';
}

/// Puts items that are stored with the first axis fastest into the order with the last axis fastest.
std::vector<std::uint8_t> from_fortran(const NpyArray& array, std::span<const std::uint8_t> items) {
  const auto item_bytes = static_cast<std::size_t>(array.item_bytes);
  std::vector<std::uint8_t> result(items.size());
  std::vector<std::int64_t> index(array.shape.size(), 0);
  for (std::size_t to = 0; to < result.size(); to += item_bytes) {
    std::int64_t from = 0;
    for (std::size_t axis = array.shape.size(); axis-- > 0;) from = from * array.shape[axis] + index[axis];
    std::memcpy(&result[to], &items[static_cast<std::size_t>(from) * item_bytes], item_bytes);
    for (std::size_t axis = array.shape.size(); axis-- > 0;) {
      if (++index[axis] < array.shape[axis]) break;
      index[axis] = 0;
    }
  }
  return result;
}

/// Where the header text lies and where the items begin.
struct Frame {
  std::string_view header;
  std::span<const std::uint8_t> items;
};

Result<Frame> read_frame(std::span<const std::uint8_t> bytes, std::string_view where) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.size() < 10 || !text.starts_with(kMagic))
    return fail(ErrorKind::kInput, "is no .npy file: it does not begin with \\x93NUMPY", std::string(where));
  const int version = bytes[6];
  if (version < 1 || version > 3)
    return fail(ErrorKind::kInput, fmt::format("has .npy version {}, expected 1, 2 or 3", version),
                std::string(where));
  const std::size_t start = version == 1 ? 10 : 12;
  std::size_t length = 0;
  for (std::size_t at = std::min(start, bytes.size()); at-- > 8;) length = length << 8 | bytes[at];
  if (bytes.size() < start || length > kMaximumHeaderBytes || length > bytes.size() - start)
    return fail(ErrorKind::kInput, fmt::format("is cut off: the header should have {} bytes", length),
                std::string(where));
  return Frame{text.substr(start, length), bytes.subspan(start + length)};
}

template <class T>
void append_doubles(const NpyArray& array, std::vector<double>& items) {
  for (std::size_t at = 0; at + sizeof(T) <= array.data.size(); at += sizeof(T)) {
    T item;
    std::memcpy(&item, &array.data[at], sizeof(T));
    items.push_back(static_cast<double>(item));
  }
}

}  // namespace

std::int64_t NpyArray::element_count() const {
  std::int64_t count = 1;
  for (const std::int64_t length : shape) count *= length;
  return count;
}

NpyArray npy_vector(std::span<const double> items) {
  NpyArray array{'f', 8, {static_cast<std::int64_t>(items.size())}, {}};
  array.data.resize(items.size_bytes());
  if (!items.empty()) std::memcpy(array.data.data(), items.data(), items.size_bytes());
  return array;
}

std::vector<double> npy_doubles(const NpyArray& array) {
  std::vector<double> items;
  const bool is_signed = array.kind == 'i';
  if (array.kind == 'f' && array.item_bytes == 4) append_doubles<float>(array, items);
  if (array.kind == 'f' && array.item_bytes == 8) append_doubles<double>(array, items);
  if (array.kind == 'f') return items;
  if (array.item_bytes == 1 && is_signed) append_doubles<std::int8_t>(array, items);
  if (array.item_bytes == 1 && !is_signed) append_doubles<std::uint8_t>(array, items);
  if (array.item_bytes == 2 && is_signed) append_doubles<std::int16_t>(array, items);
  if (array.item_bytes == 2 && !is_signed) append_doubles<std::uint16_t>(array, items);
  if (array.item_bytes == 4 && is_signed) append_doubles<std::int32_t>(array, items);
  if (array.item_bytes == 4 && !is_signed) append_doubles<std::uint32_t>(array, items);
  if (array.item_bytes == 8 && is_signed) append_doubles<std::int64_t>(array, items);
  if (array.item_bytes == 8 && !is_signed) append_doubles<std::uint64_t>(array, items);
  return items;
}

std::vector<std::uint8_t> to_npy(const NpyArray& array) {
  std::string shape;
  for (const std::int64_t length : array.shape)
    shape += fmt::format("{}{}", shape.empty() ? "" : ", ", length);
  if (array.shape.size() == 1) shape += ',';
  std::string header = fmt::format("{{'descr': '{}{}{}', 'fortran_order': False, 'shape': ({}), }}",
                                   array.item_bytes == 1 ? '|' : '<', array.kind, array.item_bytes, shape);
  // The items begin at a multiple of 64 bytes.
  const std::size_t unpadded = 10 + header.size() + 1;
  header.append((64 - unpadded % 64) % 64, ' ');
  header += '\n';
  std::string file(kMagic);
  file += '\x01';
  file += '\0';
  file += static_cast<char>(header.size() & 0xFF);
  file += static_cast<char>(header.size() >> 8);
  file += header;
  std::vector<std::uint8_t> bytes(file.begin(), file.end());
  bytes.insert(bytes.end(), array.data.begin(), array.data.end());
  return bytes;
}

Result<NpyArray> parse_npy(std::span<const std::uint8_t> bytes, std::string_view where) {
  MOTE_TRY(const Frame frame, read_frame(bytes, where));
  MOTE_TRY(Header header, HeaderParser(frame.header, where).parse());
  NpyArray array;
  array.shape = std::move(header.shape);
  MOTE_TRY(const bool big_endian, read_type(header.descr, where, array));
  std::int64_t count = 1;
  for (const std::int64_t length : array.shape) {
    if (length != 0 && count > kMaximumElements / length)
      return fail(ErrorKind::kInput, "the shape is absurd: more than 2^40 elements", std::string(where));
    count *= length;
  }
  if (frame.items.size() != static_cast<std::size_t>(count * array.item_bytes))
    return fail(ErrorKind::kInput,
                fmt::format("holds {} bytes of items, expected {} ({} of {} bytes each)", frame.items.size(),
                            count * array.item_bytes, count, array.item_bytes),
                std::string(where));
  array.data.assign(frame.items.begin(), frame.items.end());
  if (header.fortran_order) array.data = from_fortran(array, frame.items);
  if (big_endian)
    for (auto item = array.data.begin(); item != array.data.end(); item += array.item_bytes)
      std::reverse(item, item + array.item_bytes);
  return array;
}

}  // namespace mote
