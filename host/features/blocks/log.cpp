// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/log.h"

#include <cmath>

#include "features/block.h"
#include "features/design/logarithm.h"

namespace mote::features::kinds {
namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"base", "offset"}));
  if (input.element != Element::kUint32)
    return settings.refuse_block(fmt::format("takes uint32_t, and gets {}", to_string(input.element)),
                                 "put a block \"spectrum\" or one behind it in front of it");
  MOTE_TRY(const std::size_t base, settings.choice("base", {"e", "2", "db_power", "db_amplitude"}, "e"));
  MOTE_TRY(const double offset, settings.number("offset", 0, 1e12, 0));
  LogDesign design;
  design.base = static_cast<LogBase>(base);
  design.reference = 1 / input.step;
  design.offset = offset / input.step;
  auto parameters = log_parameters(design);
  if (!parameters) return settings.refuse_design(parameters.error());
  BlockWriter writer("mote/dsp/log.h", "mote::dsp::Log");
  dsp::Log device = {};
  device.values = writer.member(input.values());
  device.table = writer.table(std::move(parameters->table));
  device.offset = writer.member(parameters->offset);
  device.factor = writer.member(parameters->factor);
  device.bias = writer.member(parameters->bias);
  device.shift = writer.member(parameters->shift);
  device.at_zero = writer.member(parameters->at_zero);
  if (!device.valid()) return settings.refuse_block("has more values than the device can do");
  Blocks blocks;
  blocks.push_back(make_block(device, std::move(writer), input));
  blocks.back()->output.step = std::ldexp(1.0, -log_fraction_bits(design.base));
  blocks.back()->output.unit = base >= 2 ? "dB" : "";
  return blocks;
}

}  // namespace

extern const BlockKind log = {"log", "the logarithm of a spectrum or of its bands, or decibels", make};

}  // namespace mote::features::kinds
