// SPDX-License-Identifier: Apache-2.0
#include "ops/attributes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ops/ops.h"

namespace mote::ops {
namespace {

constexpr std::string_view kPaddings[] = {"same", "valid"};
constexpr std::string_view kActivations[] = {"none", "relu", "relu6", "relu_n1_to_1"};

}  // namespace

graph::Attribute to_attribute(Padding padding) {
  return std::string(kPaddings[static_cast<std::size_t>(padding)]);
}

graph::Attribute to_attribute(Activation activation) {
  return std::string(kActivations[static_cast<std::size_t>(activation)]);
}

void AttributeReader::refuse(std::string what) {
  if (!error_) error_ = Error{ErrorKind::kInput, describe(graph_, node_) + ": " + std::move(what), {}, {}};
}

const graph::Attribute* AttributeReader::find(const std::string& name) {
  const auto found = node_.attributes.find(name);
  if (found == node_.attributes.end()) {
    refuse(fmt::format("attribute '{}' is missing", name));
    return nullptr;
  }
  ++read_;
  return &found->second;
}

std::int32_t AttributeReader::integer(const std::string& name, std::int32_t low, std::int32_t high) {
  const graph::Attribute* attribute = find(name);
  if (attribute == nullptr) return low;
  const auto* value = std::get_if<std::int64_t>(attribute);
  if (value == nullptr) {
    refuse(fmt::format("attribute '{}' is no integer", name));
    return low;
  }
  if (*value < low || *value > high) {
    refuse(fmt::format("attribute '{}' is {}, expected {} ... {}", name, *value, low, high));
    return low;
  }
  return static_cast<std::int32_t>(*value);
}

double AttributeReader::real(const std::string& name) {
  const graph::Attribute* attribute = find(name);
  if (attribute == nullptr) return 0;
  const auto* value = std::get_if<double>(attribute);
  if (value == nullptr) refuse(fmt::format("attribute '{}' is no number", name));
  return value != nullptr ? *value : 0;
}

std::size_t AttributeReader::choice(const std::string& name, std::span<const std::string_view> words) {
  const graph::Attribute* attribute = find(name);
  if (attribute == nullptr) return 0;
  const auto* value = std::get_if<std::string>(attribute);
  for (std::size_t index = 0; value != nullptr && index < words.size(); ++index)
    if (*value == words[index]) return index;
  refuse(fmt::format("attribute '{}' is '{}', expected one of {}", name, value != nullptr ? *value : "?",
                     fmt::join(words, ", ")));
  return 0;
}

Padding AttributeReader::padding() {
  return static_cast<Padding>(choice("padding", kPaddings));
}

Activation AttributeReader::activation() {
  return static_cast<Activation>(choice("activation", kActivations));
}

Result<void> AttributeReader::finish() {
  if (!error_ && read_ != node_.attributes.size())
    refuse(fmt::format("has {} attributes, expected {}", node_.attributes.size(), read_));
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace mote::ops
