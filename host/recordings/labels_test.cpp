// SPDX-License-Identifier: Apache-2.0
#include "recordings/labels.h"

#include <gtest/gtest.h>

namespace mote::recordings {
namespace {

std::string info(std::string_view files) {
  return R"({"version":1,"files":[)" + std::string(files) + "]}";
}

std::string message(std::string_view text) {
  const auto result = parse_info_labels(text, "info.labels");
  return result.has_value() ? "accepted" : to_text(result.error());
}

TEST(InfoLabels, ReadsWhatEdgeImpulseWrites) {
  const auto files = parse_info_labels(
      info(
          R"({"path":"training/idle.1.json","name":"idle.1","category":"training","label":{"type":"label","label":"idle"},)"
          R"("metadata":{"person":"ada","n":1},"boundingBoxes":[]},)"
          R"({"path":"testing/a.csv","category":"testing","label":{"type":"multi-label","labels":[)"
          R"({"startIndex":0,"endIndex":9,"label":"idle"},{"startIndex":10,"endIndex":99,"label":"wave"}]}},)"
          R"({"path":"b.csv","category":"split","label":{"type":"unlabeled"}})"),
      "info.labels");
  ASSERT_TRUE(files.has_value()) << to_text(files.error());
  ASSERT_EQ(files->size(), 3u);
  EXPECT_EQ((*files)[0], (LabelledFile{"training/idle.1.json", "training", "idle", {}, {{"person", "ada"}}}));
  EXPECT_EQ((*files)[1].samples, (SampleLabels{{{"idle", 0}, {"wave", 10}}, 100}));
  EXPECT_EQ((*files)[2], (LabelledFile{"b.csv", "split", "", {}, {}}));
  EXPECT_EQ(parse_info_labels(to_info_labels(*files), "again").value(), *files);
}

TEST(InfoLabels, WhatIsWrongIsRefusedWithItsEntry) {
  const auto entry = [](std::string_view path, std::string_view label) {
    return info(R"({"path":")" + std::string(path) + R"(","category":"training","label":)" +
                std::string(label) + "}");
  };
  const std::string idle = R"({"type":"label","label":"idle"})";
  EXPECT_EQ(message(entry("a.csv", idle)), "accepted");
  for (const char* path :
       {"../a.csv", "/etc/passwd", "x/../../a.csv", "", "a\\\\b.csv", "a\\u0000b.csv", "a\\nb"})
    EXPECT_EQ(message(entry(path, idle)).substr(0, 28), "info.labels:files[0]: path '") << path;
  EXPECT_EQ(
      message(
          entry("a.csv", R"({"type":"multi-label","labels":[{"startIndex":1,"endIndex":2,"label":"x"}]})")),
      "info.labels:files[0].labels[0]: samples 1 to 2 do not follow sample -1: every sample needs one label");
  EXPECT_EQ(
      message(entry(
          "a.csv",
          R"({"type":"multi-label","labels":[{"startIndex":0,"endIndex":2,"label":"x"},{"startIndex":2,"endIndex":9,"label":"y"}]})")),
      "info.labels:files[0].labels[1]: samples 2 to 9 do not follow sample 2: every sample needs one label");
  EXPECT_EQ(
      message(
          entry(
              "a.csv",
              R"({"type":"multi-label","labels":[{"startIndex":0,"endIndex":9223372036854775807,"label":"x"}]})"))
          .substr(0, 50),
      "info.labels:files[0].labels[0]: samples 0 to 92233");
  EXPECT_EQ(message(entry("a.csv", R"({"type":"multi-label","labels":[]})")),
            "info.labels:files[0].labels: has no ranges of samples");
  EXPECT_EQ(message(R"({"version":2,"files":[]})"), "info.labels: has version 2, expected 1");
  EXPECT_EQ(message(R"({"version":1})"), "info.labels: has no list 'files'");
  EXPECT_EQ(message(info(R"({"path":"a","category":"holdout","label":{"type":"unlabeled"}})")),
            "info.labels:files[0]: category is 'holdout', expected training, testing or split");
  EXPECT_EQ(
      message(info(
          R"({"path":"a","category":"split","label":{"type":"unlabeled"}},{"path":"a","category":"split","label":{"type":"unlabeled"}})")),
      "info.labels:files[1]: path 'a' is there twice");
  EXPECT_EQ(message(info("7")), "info.labels:files[0]: field 'path' is missing");
}

TEST(StructuredLabels, ReadsRangesThatCoverEverySample) {
  const auto labels = parse_structured_labels(
      R"({"version":1,"type":"structured-labels","structuredLabels":{"a.csv":[{"startIndex":0,"endIndex":99,"label":"idle"}]}})",
      "s");
  ASSERT_TRUE(labels.has_value()) << to_text(labels.error());
  EXPECT_EQ(labels->at("a.csv"), (SampleLabels{{{"idle", 0}}, 100}));
  const auto bad = parse_structured_labels(
      R"({"version":1,"type":"structured-labels","structuredLabels":{"a.csv":[{"startIndex":0,"endIndex":9,"label":"x"},{"startIndex":11,"endIndex":12,"label":"x"}]}})",
      "s");
  EXPECT_EQ(to_text(bad.error()),
            "s:a.csv[1]: samples 11 to 12 do not follow sample 9: every sample needs one label");
  EXPECT_EQ(to_text(parse_structured_labels(R"({"version":1,"type":"x"})", "s").error()),
            "s: has type 'x', expected structured-labels");
}

}  // namespace
}  // namespace mote::recordings
