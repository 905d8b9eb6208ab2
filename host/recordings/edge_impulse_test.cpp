// SPDX-License-Identifier: Apache-2.0
#include "recordings/edge_impulse.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/json.h"

namespace mote::recordings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

project::SensorDescription motion() {
  project::SensorDescription sensor;
  sensor.name = "BMI270";
  sensor.rate_millihertz = 62'500;
  sensor.groups = {{project::SensorKind::kAccelerometer,
                    {"accX", "accY"},
                    project::Unit::kMetersPerSecondSquared,
                    39.2266},
                   {project::SensorKind::kGyroscope, {"gyrX"}, project::Unit::kDegreesPerSecond, 2000}};
  return sensor;
}

project::SensorDescription microphone() {
  project::SensorDescription sensor;
  sensor.rate_millihertz = 16'000'000;
  sensor.groups = {{project::SensorKind::kMicrophone, {"audio"}, project::Unit::kFullScale, 1}};
  return sensor;
}

/// As Edge Impulse's own tools write it; signed by the Python below with the key "secret".
///   text = file with 64 zeros; hmac.new(b"secret", text, hashlib.sha256).hexdigest()
constexpr std::string_view kSigned =
    R"({"protected":{"ver":"v1","alg":"HS256","iat":1595000000},"signature":"@","payload":)"
    R"({"device_name":"nano-1","device_type":"NANO33BLE","interval_ms":16,"sensors":[{"name":"gyrX","units":"rad/s"},)"
    R"({"name":"accX","units":"m/s2"},{"name":"accY","units":"g"}],"values":[[1,2.5,-1],[0,0,0.5]]}})";
constexpr std::string_view kSignature = "0d817c2188201605a8131a6702ff102fd66a8769ae19b7ee67501fd37ad0bfa4";

std::string with_signature(std::string_view signature) {
  std::string text(kSigned);
  return text.replace(text.find('@'), 1, signature);
}

Result<FileContent> read(std::string_view text, const std::string& key = "",
                         const std::vector<std::string>& columns = {},
                         const project::SensorDescription& sensor = motion()) {
  return read_acquisition(text, AcquisitionForm::kJson, "x.json", sensor, columns, key);
}

std::string message(std::string_view text, const std::string& key = "",
                    const std::vector<std::string>& columns = {}) {
  const auto result = read(text, key, columns);
  return result.has_value() ? "accepted" : to_text(result.error());
}

TEST(Acquisition, FindsAxesByNameAndConvertsUnitsOfOneQuantity) {
  const auto content = read(with_signature(kSignature));
  ASSERT_TRUE(content.has_value()) << to_text(content.error());
  EXPECT_EQ(content->rate_hz, 62.5);
  EXPECT_EQ(content->device, "nano-1");
  EXPECT_EQ(content->captures.at(0).samples, 2);
  EXPECT_THAT(content->captures[0].values,
              ElementsAre(2.5, -9.80665, testing::DoubleNear(57.29577951308232, 1e-12), 0,
                          testing::DoubleNear(4.903325, 1e-12), 0));
  EXPECT_THAT(content->notes,
              ElementsAre("'accY' converted from 'g' to m/s2", "'gyrX' converted from 'rad/s' to dps"));
}

TEST(Acquisition, SaysWhetherItIsSignedAndVerifiesWithAKey) {
  EXPECT_EQ(read(with_signature(kSignature))->signature, "not verified");
  EXPECT_EQ(read(with_signature(kSignature), "secret")->signature, "verified");
  EXPECT_EQ(message(with_signature(kSignature), "Secret"),
            "x.json:signature: signature does not fit: the file was changed, or signed with another key\n"
            "  hint: check --hmac-key, or get the file again");
  std::string changed = with_signature(kSignature);
  changed.replace(changed.find("2.5"), 3, "2.6");
  EXPECT_THAT(message(changed, "secret"), HasSubstr("signature does not fit"));
  for (std::string unsigned_file : {with_signature(std::string(64, '0')), with_signature("")}) {
    EXPECT_EQ(read(unsigned_file)->signature, "unsigned");
    EXPECT_EQ(message(unsigned_file, "secret"),
              "x.json: is not signed, but --hmac-key asks for a signature\n  hint: leave --hmac-key away to "
              "accept it as it is");
    unsigned_file.replace(unsigned_file.find("HS256"), 5, "none");
    EXPECT_EQ(read(unsigned_file)->signature, "unsigned");
  }
  EXPECT_EQ(message(with_signature("abc"), "secret"),
            "x.json:signature: signature is 'abc', expected 64 hexadecimal digits");
}

TEST(Acquisition, ReadsAudioAsRawCountsFlatOrNested) {
  for (const std::string_view values : {"[-32768,0,16384]", "[[-32768],[0],[16384]]"}) {
    const auto content = read(
        fmt::format(
            R"({{"protected":{{"ver":"v1","alg":"none"}},"signature":"","payload":{{"interval_ms":0.0625,)"
            R"("sensors":[{{"name":"anything","units":"wav"}}],"values":{}}}}})",
            values),
        "", {}, microphone());
    ASSERT_TRUE(content.has_value()) << to_text(content.error());
    EXPECT_EQ(content->rate_hz, 16000);
    EXPECT_THAT(content->captures.at(0).values, ElementsAre(-1, 0, 0.5));
  }
}

TEST(Acquisition, WhatIsWrongIsRefusedWithItsField) {
  const std::string good = with_signature("");
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    return message(text.replace(text.find(from), from.size(), to));
  };
  EXPECT_EQ(message("{"),
            "x.json: is not JSON: [json.exception.parse_error.101] parse error at line 1, column 2: syntax "
            "error while parsing object key - unexpected end of input; expected string literal");
  EXPECT_EQ(message("[]"), "x.json: is no object with protected, signature and payload");
  EXPECT_EQ(message(std::string(100, '[')), "x.json: JSON is nested deeper than 64 levels");
  EXPECT_EQ(with("\"alg\":\"HS256\"", "\"alg\":\"RS256\""),
            "x.json:protected: alg is 'RS256', expected HS256 or none");
  EXPECT_EQ(with("payload", "payloads"), "x.json: has no object 'payload'");
  EXPECT_EQ(with("\"interval_ms\":16", "\"interval_ms\":0"),
            "x.json:payload: interval_ms is 0, expected 0.001 to 10000000");
  EXPECT_EQ(with("\"interval_ms\":16", "\"interval_ms\":\"16\""),
            "x.json:payload: field 'interval_ms' has the wrong type: string");
  EXPECT_EQ(with("\"units\":\"g\"", "\"unit\":\"g\""), "x.json:payload.sensors[2]: field 'units' is missing");
  EXPECT_EQ(with("accY", "accZ"),
            "x.json:payload.sensors: no sensor 'accY' among gyrX, accX, accZ\n  hint: tell those of accX, "
            "accY, gyrX with --columns");
  EXPECT_EQ(with("\"units\":\"g\"", "\"units\":\"uT\""),
            "x.json:payload.sensors: 'accY' is in 'uT', the project's accY in m/s2\n  hint: name the right "
            "sensors with --columns, or correct mote.toml");
  EXPECT_EQ(with("[0,0,0.5]", "[0,0]"),
            "x.json:payload.values[1]: is no list of 3 values, one of each sensor");
  EXPECT_EQ(with("[0,0,0.5]", "7"), "x.json:payload.values[1]: is no list of 3 values, one of each sensor");
  EXPECT_EQ(with("[0,0,0.5]", "[0,null,0.5]"), "x.json:payload.values[1]: 'accX' is no finite number");
  EXPECT_EQ(with("[[1,2.5,-1],[0,0,0.5]]", "[]"),
            "x.json:payload: 'values' is no list of samples\n  hint: check that the recording was saved");
  EXPECT_EQ(with("2.5", "250"),
            "x.json:payload.values[0]: 250 of accX is far outside the range of 39.2266: wrong unit or "
            "range?\n  hint: correct unit or range in mote.toml, or convert the file");
  EXPECT_EQ(message(good, "", {"2", "3"}),
            "--columns names 2 columns, the sensor has 3 axes (accX, accY, gyrX)");
  EXPECT_EQ(message(good, "", {"2", "3", "4"}),
            "x.json:payload.sensors: no sensor '4' among gyrX, accX, accY\n  hint: tell those of accX, accY, "
            "gyrX with --columns");
  EXPECT_EQ(message(good, "", {"accX", "3", "1"}), "accepted");
}

TEST(Acquisition, AnUnknownUnitIsTakenForTheProjectsWithANote) {
  std::string text = with_signature("");
  text.replace(text.find("\"g\""), 3, "\"N/A\"");
  EXPECT_EQ(read(text)->notes.at(0), "unit 'N/A' of 'accY' is taken for m/s2");
}

Recording recording(const project::SensorDescription& sensor) {
  Recording result;
  result.description.sensor = sensor;
  result.description.device = "nano-1";
  result.description.recorded = "2026-01-31T10:20:30.125Z";
  const auto axes = static_cast<std::size_t>(sensor.axis_count());
  for (int count = -32768; count < 32768; count += 77)
    for (std::size_t axis = 0; axis < axes; ++axis)
      result.values.push_back(count / sensor.counts_per_unit(static_cast<std::int32_t>(axis)));
  result.description.samples = static_cast<std::int64_t>(result.values.size() / axes);
  return result;
}

TEST(Acquisition, BothFormsGiveBackTheSameRawCounts) {
  for (const auto& sensor : {motion(), microphone()})
    for (const auto form : {AcquisitionForm::kJson, AcquisitionForm::kCbor})
      for (const std::string key : {"", "secret"}) {
        const Recording original = recording(sensor);
        const std::string bytes = to_acquisition(original, form, key);
        const auto content = read_acquisition(bytes, form, "x", sensor, {}, key);
        ASSERT_TRUE(content.has_value()) << to_text(content.error());
        EXPECT_EQ(to_counts(content->captures.at(0).values, sensor), to_counts(original.values, sensor));
        EXPECT_DOUBLE_EQ(*content->rate_hz, sensor.rate_hz());
        EXPECT_EQ(content->device, "nano-1");
        EXPECT_EQ(content->signature, key.empty() ? "unsigned" : "verified");
      }
}

TEST(Acquisition, AFileWithoutAKeySaysThatItIsNotSigned) {
  const Json json =
      parse_json(to_acquisition(recording(microphone()), AcquisitionForm::kJson, ""), "x").value();
  EXPECT_EQ(json["protected"]["alg"], "none");
  EXPECT_EQ(json["signature"], "");
  EXPECT_EQ(json["protected"]["iat"], 1769854830);
  EXPECT_EQ(json["payload"]["interval_ms"], 0.0625);
  EXPECT_EQ(json["payload"]["sensors"][0]["units"], "wav");
  EXPECT_EQ(json["payload"]["values"][0], -32768);
}

TEST(Acquisition, DamagedCborIsRefused) {
  const std::string good = to_acquisition(recording(motion()), AcquisitionForm::kCbor, "");
  const auto text = [](std::string_view bytes) {
    const auto result = read_acquisition(bytes, AcquisitionForm::kCbor, "x.cbor", motion(), {}, "");
    return result.has_value() ? "accepted" : to_text(result.error());
  };
  EXPECT_EQ(text(good), "accepted");
  EXPECT_THAT(text(good.substr(0, 100)),
              HasSubstr("x.cbor: is not CBOR: [json.exception.parse_error.110] parse error at byte 101"));
  EXPECT_THAT(text(good + "x"), HasSubstr("x.cbor: is not CBOR"));
  EXPECT_EQ(text(std::string(100'000, '\x81')), "x.cbor: CBOR is nested deeper than 64 levels");
  EXPECT_EQ(text(std::string("\x9b\xff\xff\xff\xff\xff\xff\xff\xff", 9)).substr(0, 19),
            "x.cbor: is not CBOR");
}

}  // namespace
}  // namespace mote::recordings
