// SPDX-License-Identifier: Apache-2.0
#include "recordings/numpy.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "core/archive.h"
#include "core/files.h"
#include "core/process.h"
#include "recordings/import.h"
#include "recordings/store.h"
#include "support/require.h"

namespace mote::recordings {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

template <class T>
std::vector<std::uint8_t> npy(char kind, std::vector<std::int64_t> shape, const std::vector<T>& items) {
  NpyArray array{kind, sizeof(T), std::move(shape), {}};
  array.data.resize(items.size() * sizeof(T));
  if (!items.empty()) std::memcpy(array.data.data(), items.data(), array.data.size());
  return to_npy(array);
}

project::SensorDescription sensor_with(std::vector<std::string> axes) {
  project::SensorDescription sensor;
  sensor.rate_millihertz = 100'000;
  sensor.groups = {{project::SensorKind::kAccelerometer, std::move(axes), project::Unit::kG, 4}};
  return sensor;
}

std::string message(const std::vector<std::uint8_t>& bytes, const project::SensorDescription& sensor) {
  const auto result = read_npy(bytes, "x.npy", sensor);
  return result.has_value() ? "accepted" : to_text(result.error());
}

TEST(NumpyRecordings, IntegersAreRawCountsAndFloatsPhysicalUnits) {
  const auto raw =
      read_npy(npy<std::int16_t>('i', {2, 2}, {-32768, 8192, 1, 32767}), "x.npy", sensor_with({"x", "y"}));
  ASSERT_TRUE(raw.has_value()) << to_text(raw.error());
  EXPECT_EQ(raw->captures.at(0).samples, 2);
  EXPECT_THAT(raw->captures[0].values, ElementsAre(-4, 1, 4.0 / 32768, 4.0 * 32767 / 32768));
  const auto physical = read_npy(npy<float>('f', {3}, {1, -0.5, 4}), "x.npy", sensor_with({"x"}));
  ASSERT_TRUE(physical.has_value()) << to_text(physical.error());
  EXPECT_THAT(physical->captures.at(0).values, ElementsAre(1, -0.5, 4));
  EXPECT_FALSE(physical->rate_hz.has_value());
}

TEST(NumpyRecordings, WhatFitsNotIsRefusedWithItsElement) {
  const auto two = sensor_with({"x", "y"});
  EXPECT_EQ(message(npy<float>('f', {2, 3}, {1, 2, 3, 4, 5, 6}), two),
            "x.npy: has shape (2, 3), expected (samples, 2)\n  hint: save it transposed: array.T");
  EXPECT_EQ(message(npy<float>('f', {3, 3}, std::vector<float>(9)), two),
            "x.npy: has shape (3, 3), expected (samples, 2)");
  EXPECT_EQ(message(npy<float>('f', {2}, {1, 2}), two), "x.npy: has shape (2), expected (samples, 2)");
  EXPECT_EQ(message(npy<float>('f', {}, {1}), sensor_with({"x"})),
            "x.npy: has shape (), expected (samples, 1) or (samples,)");
  EXPECT_EQ(message(npy<float>('f', {0, 2}, {}), two), "x.npy: holds no samples");
  EXPECT_EQ(message(npy<std::uint8_t>('b', {1, 2}, {1, 0}), two),
            "x.npy: holds booleans, expected integers or floats");
  EXPECT_EQ(message(npy<std::int32_t>('i', {2, 2}, {0, 0, 32768, 0}), two),
            "x.npy[1][0]: raw count 32768 does not fit into 16 bits\n  hint: save physical units as float, "
            "or raw counts as int16");
  EXPECT_EQ(message(npy<float>('f', {2, 2}, {0, NAN, 0, 0}), two), "x.npy[0][1]: is not a finite number");
  EXPECT_EQ(message(npy<float>('f', {2, 2}, {0, 6, 0, 6.1F}), two).substr(0, 63),
            "x.npy[1][1]: 6.099999904632568 is far outside the range of 4: w");
  EXPECT_EQ(message(npy<std::int8_t>('i', {kMaxFileValues + 1}, std::vector<std::int8_t>(kMaxFileValues + 1)),
                    sensor_with({"x"})),
            "x.npy: holds 33554433 values, at most 33554432 are read\n  hint: cut it into several files");
}

/// Runs NumPy, and returns whether it is there.
bool numpy(const std::string& script, const fs::path& folder) {
  const auto done =
      run_process({"python3", "-c", "import numpy as np\n" + script}, {.working_directory = folder});
  return done.has_value() && done->exit_code == 0;
}

TEST(NumpyRecordings, ReadsArchivesAsNumpyWritesThem) {
  const test::TemporaryDirectory folder;
  const std::string script =
      "a = np.arange(12, dtype='<i2').reshape(6, 2)\n"
      "b = np.asfortranarray(np.linspace(-1, 1, 10).reshape(5, 2)).astype('>f4')\n"
      "np.savez('stored.npz', walk=a, run=b)\n"
      "np.savez_compressed('deflated.npz', walk=a, run=b)\n"
      "open('bad.npz', 'wb').write(open('deflated.npz', 'rb').read()[:200])\n"
      "np.savez('other.npz', walk=a, name=np.array('x'))\n";
  MOTE_REQUIRE_OR_SKIP(numpy(script, folder.path()), "python3 with numpy");
  const auto sensor = sensor_with({"x", "y"});
  for (const char* name : {"stored.npz", "deflated.npz"}) {
    const auto content = read_npz(read_bytes(folder.path() / name).value(), name, sensor);
    ASSERT_TRUE(content.has_value()) << to_text(content.error());
    ASSERT_EQ(content->captures.size(), 2u);
    EXPECT_EQ(content->captures[0].name, "walk.npy");
    EXPECT_EQ(content->captures[0].samples, 6);
    EXPECT_EQ(content->captures[0].values[11] * sensor.counts_per_unit(1), 11);
    EXPECT_EQ(content->captures[1].samples, 5);
    EXPECT_NEAR(content->captures[1].values[1], -1 + 2.0 / 9, 1e-7) << "rows, not columns, in big endian";
  }
  EXPECT_THAT(to_text(read_npz(read_bytes(folder.path() / "bad.npz").value(), "bad.npz", sensor).error()),
              HasSubstr("bad.npz: is no readable ZIP archive"));
  EXPECT_THAT(to_text(read_npz(read_bytes(folder.path() / "other.npz").value(), "other.npz", sensor).error()),
              HasSubstr("other.npz:name.npy: the items have type"));
}

TEST(NumpyRecordings, NumpyReadsWhatIsWritten) {
  const test::TemporaryDirectory folder;
  Recording recording;
  recording.description.sensor = sensor_with({"x", "y"});
  recording.values = {1, -1, 2, 0.5};
  ASSERT_TRUE(write_file(folder.path() / "x.npy", std::span<const std::uint8_t>(to_npy(to_array(recording))))
                  .has_value());
  MOTE_REQUIRE_OR_SKIP(numpy("", folder.path()), "python3 with numpy");
  EXPECT_TRUE(numpy(
      "a = np.load('x.npy')\nassert a.dtype == np.int16 and a.tolist() == [[8192, -8192], [16384, 4096]], a",
      folder.path()));
}

TEST(Archive, AnythingElseIsRefused) {
  const std::string text = "PK\x03\x04 is not enough";
  const auto result =
      unzip(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), "x.npz");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::kInput);
  EXPECT_THAT(result.error().what, HasSubstr("is no readable ZIP archive"));
}

}  // namespace
}  // namespace mote::recordings
