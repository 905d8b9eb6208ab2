// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include <flatbuffers/flexbuffers.h>
#include <fmt/format.h>

#include "ops/signal/signal.h"

namespace mote::ops::signal {
namespace {

namespace schema = tflite_schema;

/// Options are a map of numbers by name.
Result<AttributeMap> read_custom(const schema::Operator& op, std::string_view name) {
  const auto function =
      static_cast<Function>(std::ranges::find(kCustoms, name) - std::ranges::begin(kCustoms));
  AttributeMap attributes = {{"function", std::string(kNames[static_cast<std::size_t>(function)])}};
  const auto all = numbers_of(function);
  if (all.empty()) return attributes;
  const auto* bytes = op.custom_options();
  if (bytes == nullptr || bytes->size() < 3 || !flexbuffers::VerifyBuffer(bytes->data(), bytes->size()))
    return fail(ErrorKind::kInput, "options are missing or damaged, expected a FlexBuffer");
  const flexbuffers::Reference root = flexbuffers::GetRoot(bytes->data(), bytes->size());
  if (!root.IsMap())
    return fail(ErrorKind::kInput, "options are no map of names, expected a FlexBuffer with one");
  const flexbuffers::Map map = root.AsMap();
  for (const Number& number : all) {
    const flexbuffers::Reference value = map[std::string(number.name).c_str()];
    if (!value.IsIntOrUint() && !value.IsBool())
      return fail(ErrorKind::kInput, fmt::format("option '{}' is missing or no whole number", number.name));
    attributes.emplace(number.name, value.IsBool() ? std::int64_t{value.AsBool()} : value.AsInt64());
  }
  if (function == Function::kRfft) {
    const flexbuffers::Reference type = map["T"];
    if (!type.IsIntOrUint() || type.AsInt64() != static_cast<std::int64_t>(schema::TensorType::INT16))
      return fail(ErrorKind::kInput, "a transform of other numbers than int16 is not supported");
  }
  return attributes;
}

std::vector<ValueType> hidden_states(const AttributeMap& attributes) {
  const auto function = attributes.find("function");
  if (std::get<std::string>(function->second) !=
      kNames[static_cast<std::size_t>(Function::kSpectralSubtraction)])
    return {};
  const std::int64_t channels = std::get<std::int64_t>(attributes.at("num_channels"));
  const bool fits = channels >= 1 && channels <= (1 << 15);  // else the node is refused
  return {{graph::DType::kUInt32, {fits ? static_cast<std::int32_t>(channels) : 1}}};
}

Result<CustomOptions> write_custom(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, signal::attributes(graph, node));
  CustomOptions options{kCustoms[static_cast<std::size_t>(attributes.function)], {}};
  const auto all = numbers_of(attributes.function);
  if (all.empty()) return options;
  flexbuffers::Builder builder;
  builder.Map([&] {
    if (attributes.function == Function::kRfft)
      builder.Int("T", static_cast<std::int64_t>(schema::TensorType::INT16));
    for (std::size_t index = 0; index < all.size(); ++index) {
      const std::string name(all[index].name);
      if (name == "clamping")
        builder.Bool(name.c_str(), attributes.numbers[index] != 0);
      else
        builder.Int(name.c_str(), attributes.numbers[index]);
    }
  });
  builder.Finish();
  options.bytes = builder.GetBuffer();
  return options;
}

std::int32_t version(const graph::Graph& /*graph*/, const graph::Node& /*node*/) {
  return 1;
}

}  // namespace

extern const Tflite kTflite = {.codes = {},
                               .read = nullptr,
                               .write = nullptr,
                               .version = version,
                               .customs = kCustoms,
                               .read_custom = read_custom,
                               .write_custom = write_custom,
                               .hidden_states = hidden_states};

}  // namespace mote::ops::signal
