// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/printed.h"
#include "compile/test_graphs.h"
#include "core/facts.h"
#include "core/files.h"
#include "project/project.h"
#include "support/require.h"
#include "tflite/tflite.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CompileCommand : public testing::Test {
 protected:
  CompileCommand() {
    project_.root = folder_.path();
    EXPECT_TRUE(write_file(project_.file(), std::string_view(project::to_toml(project_))));
    ::unsetenv("SOURCE_DATE_EPOCH");
  }
  void write_model(const fs::path& path) { EXPECT_TRUE(tflite::write_file(path, compile::gesture_graph())); }
  std::string root() const { return folder_.path().string(); }

  test::TemporaryDirectory folder_;
  project::Project project_ = project::gesture_template("gesture");
};

TEST_F(CompileCommand, WithoutAQuantizedModelSaysWhatToRunFirst) {
  const Printed printed = run({"compile", "-C", root()});
  EXPECT_EQ(printed.exit_code, 2);
  EXPECT_THAT(printed.err, HasSubstr("run `mote quantize` first"));
}

TEST_F(CompileCommand, CompilesTheProjectsModelForItsBoard) {
  write_model(project_.model_int8());
  ASSERT_TRUE(write_file(project_.generated() / "older_model.cpp", std::string_view("stale")));
  const Printed printed = run({"compile", "-C", root()});
  ASSERT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr("RAM 324 bytes exactly"));
  EXPECT_THAT(printed.out, HasSubstr("next: mote firmware"));
  const auto facts = read_fact(folder_.path(), {"compile", 1});
  ASSERT_TRUE(facts) << to_text(facts.error());
  EXPECT_EQ(facts->at("isa"), "cortex-m4");
  for (const std::string name : facts->at("files"))
    EXPECT_TRUE(fs::exists(project_.generated() / name)) << name;
  EXPECT_FALSE(fs::exists(project_.generated() / "older_model.cpp")) << "the firmware would compile it";

  ASSERT_TRUE(write_file(project_.model_int8(), std::string_view("changed")));
  EXPECT_FALSE(read_fact(folder_.path(), {"compile", 1})) << "the fact names the model it was made from";
}

TEST_F(CompileCommand, CompilesAnyModelFile) {
  const fs::path model = folder_.path() / "model.tflite";
  const fs::path output = folder_.path() / "out";
  write_model(model);
  const Printed printed = run({"compile", model.string(), "-o", output.string(), "--isa", "avr", "--optimize",
                               "size", "--model-version", "9.8.7", "--date", "2026-03-04", "--json"});
  ASSERT_EQ(printed.exit_code, 0) << printed.out;
  const Json facts = parse_json(printed.out, "stdout").value();
  EXPECT_EQ(facts["version"], "9.8.7");
  EXPECT_EQ(facts["date"], "2026-03-04");
  EXPECT_EQ(facts["memory_bytes"], 328);
  EXPECT_TRUE(fs::exists(output / "gesture.cpp"));
}

TEST_F(CompileCommand, PrefersSmallCodeForAvrUnlessTold) {
  const fs::path model = folder_.path() / "model.tflite";
  write_model(model);
  const auto optimize = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {"compile", model.string(), "-o", (folder_.path() / "out").string(),
                                      "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return parse_json(run(words).out, "stdout").value()["optimize"].get<std::string>();
  };
  EXPECT_EQ(optimize({"--isa", "avr"}), "size");
  EXPECT_EQ(optimize({"--isa", "avr", "--optimize", "speed"}), "speed");
  EXPECT_EQ(optimize({"--isa", "cortex-m4"}), "speed");
  EXPECT_EQ(optimize({"--optimize", "ram"}), "ram");
}

TEST_F(CompileCommand, RefusesWhatDoesNotExist) {
  const fs::path model = folder_.path() / "model.tflite";
  write_model(model);
  EXPECT_EQ(run({"compile", model.string(), "--isa", "z80"}).exit_code, 2);
  EXPECT_EQ(run({"compile", model.string(), "--optimize", "both"}).exit_code, 2);
  EXPECT_EQ(run({"compile", (folder_.path() / "none.tflite").string()}).exit_code, 3);
  ASSERT_TRUE(write_file(model, std::string_view("no model")));
  const fs::path output = folder_.path() / "out";
  EXPECT_EQ(run({"compile", model.string(), "-o", output.string()}).exit_code, 3);
  EXPECT_FALSE(fs::exists(output)) << "nothing is written for a model that is refused";
}

}  // namespace
}  // namespace mote::cli
