// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/section.h"
#include "report/svg.h"

namespace mote::report::sections {
namespace {

/// The bar of one kind of memory; `total` 0 if the board's is not known.
Html memory_bar(std::string_view name, const std::vector<Part>& parts, double total) {
  double used = 0;
  for (const Part& part : parts) used += part.amount;
  const std::string of = total > 0 ? fmt::format(" of {} ({:.2g} %)", bytes(total), 100 * used / total) : "";
  // Beside megabytes of an emulated board a few kilobytes would vanish: then the bar shows the parts alone.
  return stacked_bar(fmt::format("{}: {} used{}", name, bytes(used), of), parts,
                     total > 0 && used > total / 50 ? total : used, bytes);
}

Html memory(const Json& firmware, const Json& model) {
  const auto flash = firmware.at("flash_bytes").get<double>();
  const auto ram = firmware.at("ram_bytes").get<double>();
  const auto weights = model.at("constant_bytes").get<double>();
  const auto plan = model.at("memory_bytes").get<double>();
  const auto stack = firmware.value("stack_bytes", 0.0);
  std::vector<Part> ram_parts = {{"model", plan}};
  if (stack > 0) ram_parts.push_back({"stack", stack});
  ram_parts.push_back({"ring buffer and the rest", std::max(0.0, ram - plan - stack)});
  return memory_bar("Flash", {{"weights", weights}, {"code and the rest", std::max(0.0, flash - weights)}},
                    firmware.value("board_flash_bytes", 0.0)) +
         memory_bar("RAM", ram_parts, firmware.value("board_ram_bytes", 0.0));
}

Html layer_table(const Json& model) {
  std::vector<std::vector<TableCell>> rows;
  for (const Json& layer : model.at("layers"))
    rows.push_back({{element("code", text(layer.at("name").get<std::string>()))},
                    {text(layer.at("op").get<std::string>())},
                    {text(layer.at("variant").get<std::string>())},
                    {text(fmt::format(
                         "{}", fmt::join(layer.at("output_shape").get<std::vector<std::int64_t>>(), " x "))),
                     true},
                    {text(with_thousands(layer.at("macs").get<std::int64_t>())), true},
                    {text(bytes(layer.at("constant_bytes").get<double>())), true}});
  return table("Layers",
               {{text("Result")},
                {text("Operator")},
                {text("Kernel")},
                {text("Shape"), true},
                {text("Multiply-adds"), true},
                {text("Constants"), true}},
               rows);
}

Html run_sentence(const Json& device, const Json& model) {
  const bool counts_cycles = device.contains("cycles_per_inference");
  const auto steps =
      device.at(counts_cycles ? "cycles_per_inference" : "instructions_per_inference").get<std::int64_t>();
  const auto macs = model.at("macs").get<std::int64_t>();
  std::size_t windows = 0;
  for (const Json& recording : device.at("recordings")) windows += recording.at("windows").size();
  return paragraph(fmt::format(
      "Measured in the emulator on {}: {} {} per inference{}; {} windows of {} "
      "held-out recordings were played in "
      "sample by sample.",
      device.at("board").get<std::string>(), with_thousands(steps), counts_cycles ? "cycles" : "instructions",
      macs > 0
          ? fmt::format(", {:.2f} per multiply-add", static_cast<double>(steps) / static_cast<double>(macs))
          : "",
      with_thousands(static_cast<std::int64_t>(windows)), device.at("recordings").size()));
}

Html render(const Evidence& evidence) {
  const Json& model = facts_of(evidence, "compile");
  Html html;
  if (const Json* const device = find_facts(evidence, "simulate"))
    html += run_sentence(*device, model);
  else
    html += paragraph(
        "The firmware has not been run yet, or is out of date: `mote firmware` and `mote simulate`.");
  if (const Json* const firmware = find_facts(evidence, "firmware")) html += memory(*firmware, model);
  return html + layer_table(model);
}

}  // namespace

const Section device = {"device", "On the device", {"compile"}, render};

}  // namespace mote::report::sections
