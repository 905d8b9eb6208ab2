// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/printed.h"
#include "compile/test_graphs.h"
#include "core/files.h"
#include "core/json.h"
#include "project/project.h"
#include "support/require.h"
#include "tflite/tflite.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ExportCommand : public testing::Test {
 protected:
  ExportCommand() {
    ::unsetenv("SOURCE_DATE_EPOCH");
    EXPECT_TRUE(tflite::write_file(model_, graph_));
  }

  test::TemporaryDirectory folder_;
  graph::Graph graph_ = compile::gesture_graph();
  fs::path model_ = folder_.path() / "model.tflite";
  fs::path output_ = folder_.path() / "out.tflite";
};

TEST_F(ExportCommand, WritesTheModelWithAllThatBelongsToIt) {
  const Printed printed = run({"export", model_.string(), "-o", output_.string()});
  ASSERT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr("content " + graph::content_hash(graph_).substr(0, 16)));
  const auto exported = tflite::read_file(output_);
  ASSERT_TRUE(exported) << to_text(exported.error());
  EXPECT_EQ(exported->metadata, graph_.metadata);
  EXPECT_EQ(graph::content_hash(*exported), graph::content_hash(graph_));
}

TEST_F(ExportCommand, GivesAModelFromElsewhereLabelsVersionAndDate) {
  graph_.metadata = {};
  ASSERT_TRUE(tflite::write_file(model_, graph_));
  const fs::path labels = folder_.path() / "labels.txt";
  const auto count = static_cast<std::size_t>(graph_.value(graph_.outputs[0]).element_count());
  std::string text;
  for (std::size_t index = 0; index < count; ++index) text += "label " + std::to_string(index) + "\r\n";
  ASSERT_TRUE(write_file(labels, std::string_view(text)));
  const Printed printed = run({"export", model_.string(), "-o", output_.string(), "--labels", labels.string(),
                               "--model-version", "4.5.6", "--date", "2026-03-04", "--json"});
  ASSERT_EQ(printed.exit_code, 0) << printed.out;
  const Json facts = parse_json(printed.out, "stdout").value();
  const auto exported = tflite::read_file(output_);
  ASSERT_TRUE(exported) << to_text(exported.error());
  EXPECT_EQ(exported->metadata.labels.size(), count);
  EXPECT_EQ(exported->metadata.labels.at(1), "label 1");
  EXPECT_EQ(exported->metadata.version, "4.5.6");
  EXPECT_EQ(exported->metadata.date, "2026-03-04");
  EXPECT_EQ(facts["content_hash"], graph::content_hash(*exported));
}

TEST_F(ExportCommand, RefusesLabelsThatDoNotFitTheOutput) {
  const fs::path labels = folder_.path() / "labels.txt";
  ASSERT_TRUE(write_file(labels, std::string_view("only one\n")));
  const Printed printed =
      run({"export", model_.string(), "-o", output_.string(), "--labels", labels.string()});
  EXPECT_EQ(printed.exit_code, 3);
  EXPECT_THAT(printed.err, AllOf(HasSubstr("labels.txt: holds 1 labels, the model's only output has"),
                                 HasSubstr("hint: one label a line")));
  EXPECT_FALSE(fs::exists(output_));
}

TEST_F(ExportCommand, WithoutAModelSaysWhatToRunFirst) {
  project::Project project = project::gesture_template("gesture");
  project.root = folder_.path();
  ASSERT_TRUE(write_file(project.file(), std::string_view(project::to_toml(project))));
  const Printed printed = run({"export", "-C", folder_.path().string(), "-o", output_.string()});
  EXPECT_EQ(printed.exit_code, 2);
  EXPECT_THAT(printed.err, HasSubstr("run `mote quantize` first"));
}

TEST_F(ExportCommand, AHostileNameCannotSteerTheTerminal) {
  auto bytes = read_bytes(model_).value();
  const fs::path cut = folder_.path() / "\x1b[31mred.tflite";
  bytes.resize(bytes.size() / 2);
  ASSERT_TRUE(write_file(cut, std::span<const std::uint8_t>(bytes)));
  const Printed printed = run({"export", cut.string(), "-o", output_.string()});
  EXPECT_EQ(printed.exit_code, 3);
  EXPECT_THAT(printed.err, AllOf(HasSubstr("?[31mred.tflite: damaged"), Not(HasSubstr("\x1b"))));
}

}  // namespace
}  // namespace mote::cli
