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

TEST_F(CompileCommand, CompilesTheSecondModelOfACascadeBesideTheFirst) {
  write_model(project_.model_int8());
  project_.cascade = project::CascadeSettings{"flex", "second.tflite"};
  ASSERT_TRUE(write_file(project_.file(), std::string_view(project::to_toml(project_))));
  const auto missing = run({"compile", "-C", root()});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("there is no second model"));

  graph::Graph second = compile::gesture_graph();
  second.metadata.sensor->rate_millihertz = 50000;
  ASSERT_TRUE(tflite::write_file(folder_.path() / "second.tflite", second));
  const auto refused = run({"compile", "-C", root()});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("takes samples at a rate in Hz of 100, the second 50"));
  EXPECT_FALSE(fs::exists(project_.generated())) << "nothing is written for a model that is refused";

  write_model(folder_.path() / "second.tflite");
  const Printed printed = run({"compile", "-C", root()});
  ASSERT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr("'flex' wakes gesture_2"));
  const auto facts = read_fact(folder_.path(), {"compile", 1});
  ASSERT_TRUE(facts) << to_text(facts.error());
  EXPECT_EQ(facts->at("woken").at("model"), "gesture_2");
  EXPECT_EQ(facts->at("woken").at("by"), "flex");
  EXPECT_TRUE(fs::exists(project_.generated() / "gesture.cpp"));
  EXPECT_TRUE(fs::exists(project_.generated_woken() / "gesture_2.cpp"));
  ASSERT_TRUE(write_file(folder_.path() / "second.tflite", std::string_view("changed")));
  EXPECT_FALSE(read_fact(folder_.path(), {"compile", 1})) << "the fact names both models";

  project_.cascade.reset();
  ASSERT_TRUE(write_file(project_.file(), std::string_view(project::to_toml(project_))));
  ASSERT_EQ(run({"compile", "-C", root()}).exit_code, 0);
  EXPECT_FALSE(fs::exists(project_.generated_woken()));
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
