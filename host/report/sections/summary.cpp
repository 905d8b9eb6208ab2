// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/section.h"

namespace mote::report::sections {
namespace {

constexpr double kReferenceMegahertz = 64;  // of an nRF52840, for a feeling of time

Html banner(std::string_view kind, std::string_view headline, std::string_view words) {
  return element("div", {{"class", fmt::format("banner {}", kind)}, {"role", "status"}},
                 element("strong", text(headline)) + paragraph(words));
}

/// Titles of the items with that status.
std::vector<std::string> titles(const Json& checklist, std::string_view status) {
  std::vector<std::string> found;
  for (const Json& item : checklist.at("items"))
    if (item.at("status") == status) found.push_back(item.at("title").get<std::string>());
  return found;
}

Html verdict(const Json* checklist) {
  if (checklist == nullptr)
    return banner("warn", "Not checked yet",
                  "The checklist was not run, or something changed since: run mote check, then "
                  "mote report again.");
  const auto failed = titles(*checklist, "fail");
  if (!failed.empty())
    return banner("bad",
                  fmt::format("Not fit for release: {} of {} checks fail", failed.size(),
                              checklist->at("items").size()),
                  fmt::format("{}. The checklist below says what to do.", fmt::join(failed, ". ")));
  const auto thin = titles(*checklist, "not enough data");
  const auto manual = titles(*checklist, "manual");
  if (!thin.empty())
    return banner("warn", "Nothing fails, but there is not enough data to promise an accuracy",
                  "The checklist below says how many more recordings are needed.");
  if (!manual.empty())
    return banner("warn", "Everything that a tool can check is in order",
                  fmt::format("Waiting for a person to sign off: {}.", fmt::join(manual, ". ")));
  return banner("good", "Ready for release: every check passes",
                "What runs on the device is what was trained and measured; the evidence is below.");
}

Html background_warning(const Json* data) {
  if (data == nullptr || !data->at("no_background").get<bool>()) return {};
  return banner("bad", "No background class (--no-background)",
                "This model was trained without a class for movements of no interest. It names one of its "
                "classes whatever "
                "happens, and no accuracy on this page says how it behaves in everyday use.");
}

Html tile(std::string_view name, std::string_view value, std::string_view small) {
  return element("dl", {{"class", "tile"}},
                 element("dt", text(name)) + element("dd", text(value)) +
                     element("dd", {{"class", "small"}}, text(small)));
}

Html accuracy_tile(const Evidence& evidence) {
  const Json* const diagnosis = find_facts(evidence, "diagnose");
  const Json* const train = find_facts(evidence, "train");
  if (diagnosis == nullptr && train == nullptr) return {};
  const Json& stage = diagnosis != nullptr ? last_stage(*diagnosis) : train->at("test");
  return tile(
      "Held-out accuracy", percent(stage.at("accuracy").get<double>()),
      fmt::format("{} recordings, interval {:.0f} ... {:.0f} %", stage.at("recordings_total").get<int>(),
                  100 * stage.at("interval").at(0).get<double>(),
                  100 * stage.at("interval").at(1).get<double>()));
}

Html tiles(const Evidence& evidence) {
  Html html = accuracy_tile(evidence);
  if (const Json* const model = find_facts(evidence, "compile")) {
    html += tile("Working memory", bytes(model->at("memory_bytes").get<double>()),
                 "for the network, input included");
    html += tile("Weights", bytes(model->at("constant_bytes").get<double>()), "in flash");
  }
  if (const Json* const firmware = find_facts(evidence, "firmware"))
    html += tile("Whole firmware", bytes(firmware->at("flash_bytes").get<double>()),
                 fmt::format("flash, and {} of RAM", bytes(firmware->at("ram_bytes").get<double>())));
  const Json* const device = find_facts(evidence, "simulate");
  if (device != nullptr && device->contains("cycles_per_inference"))
    html +=
        tile("Cycles per inference", with_thousands(device->at("cycles_per_inference").get<std::int64_t>()),
             "on " + device->at("board").get<std::string>());
  else if (device != nullptr) {
    const auto instructions = device->at("instructions_per_inference").get<std::int64_t>();
    html += tile(
        "Instructions per inference", with_thousands(instructions),
        fmt::format("about {:.2f} ms on a core that runs {:.0f} million a second",
                    static_cast<double>(instructions) / (1000 * kReferenceMegahertz), kReferenceMegahertz));
  }
  return element("div", {{"class", "tiles"}}, html);
}

Html render(const Evidence& evidence) {
  return verdict(find_facts(evidence, "check")) + background_warning(find_facts(evidence, "data")) +
         tiles(evidence);
}

}  // namespace

const Section summary = {"summary", "Verdict", {}, render};

}  // namespace mote::report::sections
