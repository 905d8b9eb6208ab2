// SPDX-License-Identifier: Apache-2.0
#include "core/json.h"

#include <gtest/gtest.h>

namespace mote {
namespace {

Json object(std::string_view text) {
  return parse_json(text, "x.json").value();
}

TEST(JsonField, GivesWholeNumbersAndTheirVectors) {
  const Json json = object(R"({"n": -2147483648, "u": 18446744073709551615, "v": [1, 2]})");
  EXPECT_EQ(json_field<std::int32_t>(json, "n", "x").value(), -2147483648);
  EXPECT_EQ(json_field<std::uint64_t>(json, "u", "x").value(), 18446744073709551615U);
  EXPECT_EQ(json_field<std::vector<std::int32_t>>(json, "v", "x").value(), (std::vector{1, 2}));
}

TEST(JsonField, RefusesNumbersThatItsTypeCannotHold) {
  const Json json = object(
      R"({"large": 1e20, "half": 0.5, "wide": 2147483648, "negative": -1, "flag": true, "v": [1, 4294967296]})");
  EXPECT_FALSE(json_field<std::int64_t>(json, "large", "x").has_value());
  EXPECT_FALSE(json_field<std::int32_t>(json, "half", "x").has_value());
  EXPECT_FALSE(json_field<std::int32_t>(json, "wide", "x").has_value());
  EXPECT_FALSE(json_field<std::uint32_t>(json, "negative", "x").has_value());
  EXPECT_FALSE(json_field<std::int32_t>(json, "flag", "x").has_value());
  EXPECT_FALSE(json_field<std::vector<std::int32_t>>(json, "v", "x").has_value());
}

TEST(JsonField, NamesTheFieldWhatItHasAndItsFile) {
  const auto large = json_field<std::int64_t>(object(R"({"samples": 1e20})"), "samples", "x.json");
  ASSERT_FALSE(large.has_value());
  EXPECT_EQ(large.error().what, "field 'samples' has 1e+20, expected whole numbers in range");
  const auto missing = json_field<std::string>(object("{}"), "label", "x.json");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().what, "field 'label' is missing");
  EXPECT_EQ(missing.error().where, "x.json");
}

TEST(Cbor, GivesTheValueOrSaysWhereItIsDamaged) {
  EXPECT_EQ(parse_cbor("\xa1\x61\x61\x82\x01\x20", "x").value(),
            object(R"({"a": [1, -1]})"));  // RFC 8949, appendix A
  EXPECT_EQ(parse_cbor("\x9f\x01\xff", "x").value(), object("[1]"));
  EXPECT_FALSE(parse_cbor("\x82\x01", "x").has_value());
  EXPECT_FALSE(parse_cbor("\x01\x01", "x").has_value()) << "bytes behind the value";
  EXPECT_FALSE(parse_cbor("", "x").has_value());
}

TEST(Json, NestingAndNumberOfValuesAreLimited) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_TRUE(parse_json(nested(64), "x").has_value());
  EXPECT_EQ(parse_json(nested(65), "x").error().what, "JSON is nested deeper than 64 levels");
  EXPECT_EQ(parse_cbor(std::string("\x9a\x01\x00\x00\x01", 5) + std::string((1 << 24) + 1, '\x01'), "x")
                .error()
                .what,
            "CBOR has more than 16777216 values");
}

}  // namespace
}  // namespace mote
