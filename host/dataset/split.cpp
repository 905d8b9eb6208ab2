// SPDX-License-Identifier: Apache-2.0
// Which recordings train, validate and test. The unit that is held out is a session, a person or - weaker - a
// capture; never a window. Or the data set has a rule of its own.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "dataset/dataset.h"
#include "dataset/natural_order.h"

namespace mote::dataset {
namespace {

using By = project::SplitSettings::By;
using project::SplitSettings;

constexpr std::string_view kByCapture =
    "to hold out the last captures of each label instead (weaker): [split] by = \"capture\" in mote.toml";

void assign(Dataset& dataset, const std::string recordings::Description::* field,
            const std::map<std::string, Part>& part_of) {
  for (auto& recording : dataset.recordings) {
    const auto found = part_of.find(recording.description.*field);
    recording.part = found == part_of.end() ? Part::kTrain : found->second;
  }
}

/// The last `test_count` of `names` test, those before them validate.
std::map<std::string, Part> latest(const std::vector<std::string>& names, const SplitSettings& settings) {
  std::map<std::string, Part> parts;
  const auto test_start = names.size() - static_cast<std::size_t>(settings.test_count);
  const auto validation_start = test_start - static_cast<std::size_t>(settings.validation_count);
  for (std::size_t index = validation_start; index < names.size(); ++index)
    parts[names[index]] = index < test_start ? Part::kValidation : Part::kTest;
  return parts;
}

Result<void> check_count(std::string_view what, const std::vector<std::string>& names,
                         const SplitSettings& settings) {
  const auto needed = static_cast<std::size_t>(1 + settings.validation_count + settings.test_count);
  if (names.size() >= needed) return {};
  return fail(
      ErrorKind::kInput,
      fmt::format("{} {}s are needed (1 to train, {} to validate, {} to test), there are {}: {}", needed,
                  what, settings.validation_count, settings.test_count, names.size(), fmt::join(names, ", ")),
      "", fmt::format("record another {}; {}", what, kByCapture));
}

Result<void> split_by_session(Dataset& dataset, const SplitSettings& settings) {
  const auto sessions = sessions_in_order(dataset);
  MOTE_CHECK(check_count("session", sessions, settings));
  assign(dataset, &recordings::Description::session, latest(sessions, settings));
  return {};
}

/// Persons named in mote.toml, or else the last ones by name.
Result<std::map<std::string, Part>> parts_of_persons(std::vector<std::string> persons,
                                                     const SplitSettings& settings) {
  std::map<std::string, Part> parts;
  for (const auto& [names, part] : {std::pair{settings.test_persons, Part::kTest},
                                    std::pair{settings.validation_persons, Part::kValidation}})
    for (const auto& name : names) {
      if (std::find(persons.begin(), persons.end(), name) == persons.end())
        return fail(ErrorKind::kInput,
                    fmt::format("person {} of [split] has no recordings; there are {}", name,
                                fmt::join(persons, ", ")),
                    "", "correct test_persons and validation_persons in mote.toml");
      parts[name] = part;
    }
  std::erase_if(persons, [&parts](const std::string& name) { return parts.contains(name); });
  SplitSettings rest = settings;
  if (!settings.test_persons.empty()) rest.test_count = 0;
  if (!settings.validation_persons.empty()) rest.validation_count = 0;
  MOTE_CHECK(check_count("person", persons, rest));
  for (const auto& [name, part] : latest(persons, rest)) parts[name] = part;
  return parts;
}

Result<void> split_by_person(Dataset& dataset, const SplitSettings& settings) {
  std::set<std::string, NaturalLess> persons;
  for (const auto& recording : dataset.recordings) {
    if (recording.description.person.empty())
      return fail(ErrorKind::kInput, fmt::format("recording {} tells no person", recording.description.id),
                  "", "import it again with --person NAME, or split by session");
    persons.insert(recording.description.person);
  }
  MOTE_TRY(const auto parts, parts_of_persons({persons.begin(), persons.end()}, settings));
  assign(dataset, &recordings::Description::person, parts);
  std::map<std::string, const Recording*> first_of_session;
  for (const auto& recording : dataset.recordings) {
    const auto [first, is_new] = first_of_session.try_emplace(recording.description.session, &recording);
    if (first->second->part != recording.part)
      return fail(ErrorKind::kInput,
                  fmt::format("session {} would be in two parts: {} is held out and {} is not",
                              recording.description.session,
                              recording.part == Part::kTrain ? first->second->description.person
                                                             : recording.description.person,
                              recording.part == Part::kTrain ? recording.description.person
                                                             : first->second->description.person),
                  "", "give each person sessions of their own (mote import --session)");
  }
  return {};
}

Result<void> split_by_capture(Dataset& dataset, const SplitSettings& settings) {
  for (std::size_t label = 0; label < dataset.labels.size(); ++label) {
    std::vector<Recording*> captures;
    for (auto& recording : dataset.recordings)
      if (recording.label == static_cast<std::int32_t>(label)) captures.push_back(&recording);
    if (captures.size() < 3)
      return fail(ErrorKind::kInput,
                  fmt::format("label {} has {} captures, at least 3 are needed to train, validate and test",
                              dataset.labels[label], captures.size()),
                  "", "record more of it");
    std::sort(captures.begin(), captures.end(), [](const Recording* a, const Recording* b) {
      const auto& start_a = a->description.recorded;  // times of one form sort as text
      const auto& start_b = b->description.recorded;
      return start_a != start_b ? start_a < start_b : a < b;  // else in the dataset's order
    });
    const auto count = static_cast<double>(captures.size());
    const auto share = [count](double fraction) { return std::max(1.0, std::round(count * fraction)); };
    const auto test = static_cast<std::size_t>(std::min(share(settings.test_fraction), count - 2));
    const auto held_out = static_cast<std::size_t>(
        std::min(static_cast<double>(test) + share(settings.validation_fraction), count - 1));
    for (std::size_t index = 0; index < captures.size(); ++index)
      captures[index]->part = index + test >= captures.size()       ? Part::kTest
                              : index + held_out >= captures.size() ? Part::kValidation
                                                                    : Part::kTrain;
  }
  return {};
}

/// As the data set divides its files. One that has no validation part, as Edge Impulse's have none, lends it
/// from each label's training recordings as kCapture does.
Result<void> split_as_given(Dataset& dataset, const SplitSettings& settings) {
  bool validation = false, test = false;
  for (auto& recording : dataset.recordings) {
    const auto& part = recording.description.part;
    if (part.empty())
      return fail(ErrorKind::kInput,
                  fmt::format("recording {} has no part of its data set", recording.description.id), "",
                  "import it from a folder that tells one (Edge Impulse, Speech Commands), or choose another "
                  "[split] by");
    recording.part = part == "test" ? Part::kTest : part == "validation" ? Part::kValidation : Part::kTrain;
    validation = validation || recording.part == Part::kValidation;
    test = test || recording.part == Part::kTest;
  }
  if (!test)
    return fail(ErrorKind::kInput, "the data set holds nothing out for the test", "",
                "choose another [split] by");
  if (validation) return {};
  for (std::size_t label = 0; label < dataset.labels.size(); ++label) {
    std::vector<Recording*> training;
    for (auto& recording : dataset.recordings)
      if (recording.label == static_cast<std::int32_t>(label) && recording.part == Part::kTrain)
        training.push_back(&recording);
    if (training.size() < 2)
      return fail(
          ErrorKind::kInput,
          fmt::format("label {} has {} training recordings, at least 2 are needed to train and to validate",
                      dataset.labels[label], training.size()),
          "", "record more of it");
    const auto count = static_cast<double>(training.size());
    const auto lent = static_cast<std::size_t>(
        std::clamp(std::round(count * settings.validation_fraction), 1.0, count - 1));
    for (std::size_t index = training.size() - lent; index < training.size(); ++index)
      training[index]->part = Part::kValidation;
  }
  return {};
}

Result<void> check_leakage(const Dataset& dataset) {
  std::map<std::string, const Recording*> first_of_content;
  for (const auto& recording : dataset.recordings) {
    const auto [first, is_new] =
        first_of_content.try_emplace(recording.description.content_sha256, &recording);
    if (first->second->part != recording.part)
      return fail(ErrorKind::kInput,
                  fmt::format("recordings {} ({}) and {} ({}) have the same samples: the split would leak",
                              first->second->description.id, to_string(first->second->part),
                              recording.description.id, to_string(recording.part)),
                  "", fmt::format("delete one of them: {}.csv and .json", recording.description.id));
  }
  return {};
}

Result<void> check_training(const Dataset& dataset) {
  std::vector<bool> trained(dataset.labels.size(), false);
  for (const auto& recording : dataset.recordings)
    if (recording.part == Part::kTrain) trained[static_cast<std::size_t>(recording.label)] = true;
  for (std::size_t label = 0; label < trained.size(); ++label)
    if (!trained[label])
      return fail(ErrorKind::kInput,
                  fmt::format("label {} has no training recordings", dataset.labels[label]), "",
                  "record it in more sessions, or take it out of mote.toml");
  return {};
}

}  // namespace

Result<void> split(Dataset& dataset, const SplitSettings& settings) {
  dataset.split = settings;
  if (settings.by == By::kSession) MOTE_CHECK(split_by_session(dataset, settings));
  if (settings.by == By::kPerson) MOTE_CHECK(split_by_person(dataset, settings));
  if (settings.by == By::kCapture) MOTE_CHECK(split_by_capture(dataset, settings));
  if (settings.by == By::kGiven) MOTE_CHECK(split_as_given(dataset, settings));
  MOTE_CHECK(check_leakage(dataset));
  return check_training(dataset);
}

}  // namespace mote::dataset
