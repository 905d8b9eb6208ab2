// SPDX-License-Identifier: Apache-2.0
#include "recordings/layout.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/files.h"
#include "core/text.h"
#include "support/require.h"

namespace mote::recordings {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class LayoutTest : public testing::Test {
 protected:
  void file(const std::string& name, std::string_view text = "x") {
    ASSERT_TRUE(write_file(folder_.path() / name, text).has_value());
  }
  /// "file label session person part" of each source.
  std::vector<std::string> scan(FolderMeaning meaning = FolderMeaning::kUnknown) {
    const auto layout = scan_folder(folder_.path(), meaning);
    if (!layout.has_value()) return {to_text(layout.error())};
    kind_ = layout->kind;
    skipped_.clear();
    for (const auto& [reason, skipped] : layout->skipped)
      skipped_.push_back(fmt::format("{} {}: {}", skipped.count, skipped.example, reason));
    std::vector<std::string> found;
    for (const auto& source : layout->sources) {
      std::string runs;
      for (const auto& run : source.samples.runs) runs += fmt::format(" {}@{}", run.label, run.first_sample);
      found.push_back(fmt::format("{} {} {} {} {}{}", source.path.lexically_relative(folder_.path()).string(),
                                  source.label, source.session, source.person, source.part, runs));
    }
    return found;
  }

  test::TemporaryDirectory folder_;
  LayoutKind kind_ = LayoutKind::kFiles;
  std::vector<std::string> skipped_;
};

TEST_F(LayoutTest, FilesSideBySideAreNamedAfterTheirLabel) {
  file("wave.1.CSV");
  file("idle.wav");
  file("README.md");
  file(".hidden.csv");
  fs::create_symlink("/etc/passwd", folder_.path() / "link.csv");
  EXPECT_THAT(scan(), ElementsAre("idle.wav idle   ", "wave.1.CSV wave   "));
  EXPECT_EQ(kind_, LayoutKind::kFiles);
  EXPECT_THAT(
      skipped_,
      ElementsAre("1 link.csv: links are not followed",
                  "1 README.md: no kind of file that is read (csv, txt, tsv, wav, npy, npz, json, cbor)"));
}

TEST_F(LayoutTest, FoldersAreLabelsOrWhatIsSaid) {
  file("a/0001.csv");
  file("b/0001.csv");
  file("b/inner/0002.csv");
  file("info.csv");
  EXPECT_THAT(scan(), ElementsAre("a/0001.csv a   ", "b/0001.csv b   "));
  EXPECT_EQ(kind_, LayoutKind::kFolders);
  EXPECT_THAT(skipped_, ElementsAre("1 info.csv: beside the folders",
                                    "1 b/inner: folder in a folder: import the outer one by itself"));
  EXPECT_THAT(scan(FolderMeaning::kPerson), ElementsAre("a/0001.csv  a a ", "b/0001.csv  b b "));
  EXPECT_THAT(scan(FolderMeaning::kSession), ElementsAre("a/0001.csv  a  ", "b/0001.csv  b  "));
}

TEST_F(LayoutTest, EdgeImpulseFoldersTellPartsAndLabels) {
  file("training/wave.1.cbor");
  file("training/many.csv");
  file(
      "training/structured_labels.labels",
      R"({"version":1,"type":"structured-labels","structuredLabels":{"many.csv":[{"startIndex":0,"endIndex":3,"label":"idle"},)"
      R"({"startIndex":4,"endIndex":9,"label":"wave"}]}})");
  file("testing/wave.2.json");
  EXPECT_THAT(scan(),
              ElementsAre("testing/wave.2.json wave   test", "training/many.csv    train idle@0 wave@4",
                          "training/wave.1.cbor wave   train"));
  EXPECT_EQ(kind_, LayoutKind::kEdgeImpulse);
  fs::remove(folder_.path() / "training/many.csv");
  EXPECT_EQ(scan().at(0),
            (folder_.path() / "training/structured_labels.labels").string() +
                ": labels 'many.csv', which is not there\n  hint: export it again, or take the entry out");
}

TEST_F(LayoutTest, InfoLabelsIsBelievedBeforeNames) {
  file("training/wave.1.json");
  file("training/photo.jpg");
  file("training/none.json");
  file(
      "info.labels",
      R"({"version":1,"files":[{"path":"training/wave.1.json","category":"testing","label":{"type":"label","label":"idle"},)"
      R"("metadata":{"person":"ada","session":"s1","part":"validation"}},)"
      R"({"path":"training/photo.jpg","category":"training","label":{"type":"label","label":"idle"}},)"
      R"({"path":"training/none.json","category":"training","label":{"type":"unlabeled"}}]})");
  EXPECT_THAT(scan(), ElementsAre("training/wave.1.json idle s1 ada test"));
  EXPECT_THAT(
      skipped_,
      ElementsAre(
          "1 training/none.json: info.labels has no label for it",
          "1 training/photo.jpg: no kind of file that is read (csv, txt, tsv, wav, npy, npz, json, cbor)"));
  fs::remove(folder_.path() / "training/photo.jpg");
  EXPECT_EQ(
      scan().at(0),
      (folder_.path() / "info.labels").string() +
          ": lists 'training/photo.jpg', which is not there\n  hint: export it again, or take the entry out");
}

TEST_F(LayoutTest, SpeechCommandsTellSpeakersAndParts) {
  file("yes/bobby_nohash_0.wav");
  file("yes/noname.wav");
  file("no/0a7c2a8d_nohash_1.wav");
  file("_background_noise_/tap.wav");
  file("LICENSE");
  EXPECT_THAT(scan(), ElementsAre("no/0a7c2a8d_nohash_1.wav no speaker-0a7c2a8d speaker-0a7c2a8d train",
                                  "yes/bobby_nohash_0.wav yes speaker-bobby speaker-bobby train",
                                  "yes/noname.wav yes speaker-cbac36bc5560  train"));
  EXPECT_EQ(kind_, LayoutKind::kSpeechCommands);
  EXPECT_THAT(skipped_, ElementsAre("1 _background_noise_/tap.wav: background noise is no word; import it by "
                                    "itself under a label of your own",
                                    "1 LICENSE: beside the folders of words"));
}

TEST(SpeechCommands, TheRuleGivesThePercentagesOfItsSource) {
  EXPECT_NEAR(speech_commands_percentage("bobby_nohash_0.wav"), 94.174787, 1e-6);
  EXPECT_EQ(speech_commands_percentage("bobby_nohash_1.wav"),
            speech_commands_percentage("bobby_nohash_0.wav"));
  EXPECT_NEAR(speech_commands_percentage("0a7c2a8d_nohash_0.wav"), 56.836387, 1e-6);
  EXPECT_NEAR(speech_commands_percentage("00176480_nohash_0.wav"), 69.798155, 1e-6);
  EXPECT_NEAR(speech_commands_percentage("noname.wav"), 39.264427, 1e-6);
}

TEST(SpeechCommands, TheRuleAgreesWithTheListsOfTheDataSet) {
  const fs::path data = test::reference_data_dir() / "keywords" / "speech_commands_v001_30words";
  MOTE_REQUIRE_OR_SKIP(fs::exists(data / "testing_list.txt"),
                       "reference recordings keywords/speech_commands_v001_30words");
  std::size_t lines = 0;
  for (const auto& [name, part] :
       {std::pair{"testing_list.txt", "test"}, std::pair{"validation_list.txt", "validation"}}) {
    const std::string text = read_text(data / name).value();
    for (const auto line : split(text, '\n')) {
      if (line.empty()) continue;
      EXPECT_EQ(speech_commands_part(line.substr(line.find('/') + 1)), part) << line;
      ++lines;
    }
  }
  EXPECT_GT(lines, 10000u);
}

TEST_F(LayoutTest, WithoutRecordingsIsRefused) {
  file("readme");
  EXPECT_EQ(scan().at(0), folder_.path().string() +
                              ": holds no recordings\n  hint: files are read that end in csv, txt, tsv, wav, "
                              "npy, npz, json or cbor, in the folder or one below");
  EXPECT_EQ(scan_folder(folder_.path() / "absent", FolderMeaning::kUnknown).error().kind, ErrorKind::kInput);
}

}  // namespace
}  // namespace mote::recordings
