// SPDX-License-Identifier: Apache-2.0
#include "features/cache.h"

#include <gtest/gtest.h>

#include "core/files.h"
#include "core/hash.h"
#include "core/temporary_folder.h"

namespace mote::features {
namespace {

Pipeline framed(double length_ms) {
  const project::SensorDescription sensor = {
      .name = "",
      .rate_millihertz = 100000,
      .mounting = "",
      .groups = {{project::SensorKind::kAccelerometer, {"ax"}, project::Unit::kG, 4.0}}};
  return Pipeline::create({{"frame", {{"length_ms", length_ms}, {"step_ms", 10}}, ""}}, sensor).value();
}

class CacheTest : public ::testing::Test {
 protected:
  std::filesystem::path file() const { return list_files(folder_.path(), ".rows").at(0); }

  TemporaryFolder folder_ = TemporaryFolder::create("mote-cache-test").value();
  const std::vector<std::int16_t> counts_ = {1, -2, 300, -32768, 32767};
  const std::string hash_ = sha256("some recording");
};

TEST_F(CacheTest, GivesWhatItComputedBefore) {
  const Pipeline pipeline = framed(20);
  Cache first(folder_.path(), pipeline);
  const auto computed = first.rows(hash_, counts_);
  EXPECT_EQ(computed, rows_of(pipeline, counts_));
  EXPECT_EQ(first.hits(), 0);
  Cache second(folder_.path(), pipeline);
  EXPECT_EQ(second.rows(hash_, {}), computed);  // without counts it could not compute them
  EXPECT_EQ(second.hits(), 1);
}

TEST_F(CacheTest, AnotherPipelineOrRecordingIsAnotherEntry) {
  const Pipeline two = framed(20), three = framed(30);
  Cache(folder_.path(), two).rows(hash_, counts_);
  Cache other(folder_.path(), three);
  EXPECT_EQ(other.rows(hash_, counts_), rows_of(three, counts_));
  EXPECT_EQ(other.rows(sha256("another"), counts_), rows_of(three, counts_));
  EXPECT_EQ(other.hits(), 0);
  EXPECT_EQ(list_files(folder_.path(), ".rows").size(), 3u);
}

TEST_F(CacheTest, ADamagedFileIsComputedAnew) {
  const Pipeline pipeline = framed(20);
  Cache(folder_.path(), pipeline).rows(hash_, counts_);
  std::string bytes = read_text(file()).value();
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  ASSERT_TRUE(write_file(file(), std::string_view(bytes)).has_value());
  Cache again(folder_.path(), pipeline);
  EXPECT_EQ(again.rows(hash_, counts_), rows_of(pipeline, counts_));
  EXPECT_EQ(again.hits(), 0);
  EXPECT_EQ(again.rows(hash_, counts_), rows_of(pipeline, counts_));
  EXPECT_EQ(again.hits(), 1);
}

}  // namespace
}  // namespace mote::features
