// SPDX-License-Identifier: Apache-2.0
#include "core/json.h"

#include <fmt/format.h>

#include "core/files.h"

namespace mote {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxValues = std::size_t{1} << 24;

/// Builds a value from the events of nlohmann's readers, within the limits. The readers call it by these
/// names; false ends the reading.
class Builder {
 public:
  bool null() { return add(Json()); }
  bool boolean(bool value) { return add(Json(value)); }
  bool number_integer(std::int64_t value) { return add(Json(value)); }
  bool number_unsigned(std::uint64_t value) { return add(Json(value)); }
  bool number_float(double value, const std::string&) { return add(Json(value)); }
  bool string(std::string& value) { return add(Json(std::move(value))); }
  bool binary(Json::binary_t& value) { return add(Json(std::move(value))); }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool key(std::string& value) {
    key_ = std::move(value);
    return true;
  }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t, const std::string&, const Json::exception& exception) {
    problem_ = exception.what();
    return false;
  }

  /// What ended the reading, empty if nothing did.
  const std::string& problem() const { return problem_; }
  bool beyond_limits() const { return beyond_limits_; }
  Json take() { return std::move(root_); }

 private:
  bool add(Json value) {
    if (++values_ > kMaxValues) return refuse(fmt::format("has more than {} values", kMaxValues));
    Json* target = &root_;
    if (!open_.empty() && open_.back()->is_array()) target = &open_.back()->emplace_back();
    if (!open_.empty() && open_.back()->is_object()) target = &(*open_.back())[key_];
    *target = std::move(value);
    last_ = target;
    return true;
  }
  bool open(Json empty) {
    if (open_.size() >= kMaxDepth) return refuse(fmt::format("is nested deeper than {} levels", kMaxDepth));
    if (!add(std::move(empty))) return false;
    open_.push_back(last_);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  bool refuse(std::string problem) {
    problem_ = std::move(problem);
    beyond_limits_ = true;
    return false;
  }

  Json root_;
  std::vector<Json*> open_;  ///< the chain of open arrays and objects; only the last one grows
  Json* last_ = nullptr;
  std::string key_;
  std::size_t values_ = 0;
  std::string problem_;
  bool beyond_limits_ = false;
};

Result<Json> parse_with_limits(std::string_view bytes, nlohmann::detail::input_format_t format,
                               std::string_view name, std::string_view where) {
  Builder builder;
  bool whole = false;
  std::string thrown;
  try {
    whole = Json::sax_parse(bytes, &builder, format);
  } catch (const Json::exception& exception) {
    thrown = exception.what();
  }
  if (whole) return builder.take();
  if (builder.beyond_limits())
    return fail(ErrorKind::kInput, fmt::format("{} {}", name, builder.problem()), std::string(where));
  return fail(ErrorKind::kInput,
              fmt::format("is not {}: {}", name, thrown.empty() ? builder.problem() : thrown),
              std::string(where));
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view where) {
  return parse_with_limits(text, nlohmann::detail::input_format_t::json, "JSON", where);
}

Result<Json> parse_cbor(std::string_view bytes, std::string_view where) {
  return parse_with_limits(bytes, nlohmann::detail::input_format_t::cbor, "CBOR", where);
}

Result<Json> read_json(const std::filesystem::path& path) {
  MOTE_TRY(const std::string text, read_text(path));
  return parse_json(text, path.string());
}

std::string to_json_text(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mote
