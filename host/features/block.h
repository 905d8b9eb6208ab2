// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "features/settings.h"
#include "features/signal.h"
#include "mote/core/flash.h"

namespace mote::features {

/// A constant table of a block as it stands in generated code.
struct BlockTable {
  std::string type;      ///< "int16_t"
  std::string elements;  ///< "1, 2, 3"
  std::int64_t bytes = 0;
};

/// The parameters of a block as C++: `type name = {first, second, ...};`.
struct BlockConstants {
  std::string header;  ///< "mote/dsp/frame.h"
  std::string type;    ///< "mote::dsp::Frame<int16_t>"
  /// Initialisers in the order of the members; "@0" stands for the name of tables[0].
  std::vector<std::string> members;
  std::vector<BlockTable> tables;
};

/// A block of a pipeline on the host: the device's own code with parameters from the project file.
class Block {
 public:
  virtual ~Block() = default;

  std::string name;  ///< as in the project file
  Signal output;     ///< what comes out
  /// What the columns of the output are, if they have names of their own ("ax rms"); else empty. Then each
  /// has its own step and unit too.
  std::vector<std::string> column_names;
  std::vector<double> column_steps;
  std::vector<std::string> column_units;

  // As mote/dsp/block.h has them.
  virtual std::int32_t inputs() const = 0;
  virtual std::int32_t outputs() const = 0;
  virtual std::int32_t frame() const = 0;
  virtual std::int32_t hop() const = 0;
  virtual std::int32_t state_bytes() const = 0;
  virtual std::int32_t scratch_bytes() const = 0;
  virtual bool in_place() const = 0;
  virtual Element input_element() const = 0;
  virtual void restart(void* state) const = 0;
  virtual bool push(const void* input, void* output, void* state, void* scratch) const = 0;

  virtual BlockConstants constants() const = 0;
};

using Blocks = std::vector<std::unique_ptr<Block>>;

template <class T>
constexpr Element element_of() {
  static_assert(std::is_same_v<T, std::int16_t> || std::is_same_v<T, std::int32_t> ||
                std::is_same_v<T, std::uint32_t>);
  if (std::is_same_v<T, std::int16_t>) return Element::kInt16;
  return std::is_same_v<T, std::int32_t> ? Element::kInt32 : Element::kUint32;
}

/// Owns the tables that a block's parameters point to, and writes both down as C++.
class BlockWriter {
 public:
  BlockWriter(std::string header, std::string type) {
    constants_.header = std::move(header);
    constants_.type = std::move(type);
  }

  /// The next member is this number (or truth value).
  template <class T>
  T member(T value) {
    constants_.members.push_back(fmt::format("{}", value));
    return value;
  }
  /// The next member as C++ text: an enumerator, an aggregate in braces.
  void member_text(std::string text) { constants_.members.push_back(std::move(text)); }

  /// The next member is this table.
  template <class T>
  Flash<T> table(std::vector<T> values) {
    std::string elements;
    for (const T value : values) elements += fmt::format("{}{}", elements.empty() ? "" : ", ", +value);
    constants_.members.push_back(fmt::format("@{}", constants_.tables.size()));
    constants_.tables.push_back({fmt::format("{}int{}_t", std::is_signed_v<T> ? "" : "u", 8 * sizeof(T)),
                                 std::move(elements), static_cast<std::int64_t>(values.size() * sizeof(T))});
    auto kept = std::make_shared<const std::vector<T>>(std::move(values));
    kept_.push_back(kept);
    return Flash<T>(kept->data());
  }

  BlockConstants constants() const { return constants_; }

 private:
  BlockConstants constants_;
  std::vector<std::shared_ptr<const void>> kept_;
};

/// A block of the device library, run on the host.
template <class Device>
class DeviceBlock final : public Block {
 public:
  /// `device` is what `writer` has written down, its tables are those that `writer` keeps.
  DeviceBlock(Device device, BlockWriter writer) : device_(device), writer_(std::move(writer)) {}

  std::int32_t inputs() const override { return device_.inputs(); }
  std::int32_t outputs() const override { return device_.outputs(); }
  std::int32_t frame() const override { return device_.frame(); }
  std::int32_t hop() const override { return device_.hop(); }
  std::int32_t state_bytes() const override { return device_.state_bytes(); }
  std::int32_t scratch_bytes() const override { return device_.scratch_bytes(); }
  bool in_place() const override { return Device::kInPlace; }
  Element input_element() const override { return element_of<typename Device::Input>(); }
  void restart(void* state) const override { device_.restart(state); }
  bool push(const void* input, void* out, void* state, void* scratch) const override {
    return device_.push(static_cast<const typename Device::Input*>(input),
                        static_cast<typename Device::Output*>(out), state, scratch);
  }
  BlockConstants constants() const override { return writer_.constants(); }

 private:
  Device device_;
  BlockWriter writer_;
};

/// `device` as a block whose output is `input` but for what the block itself says: element and values. The
/// caller sets what else differs.
template <class Device>
std::unique_ptr<Block> make_block(Device device, BlockWriter writer, const Signal& input) {
  auto block = std::make_unique<DeviceBlock<Device>>(device, std::move(writer));
  block->output = input;
  block->output.element = element_of<typename Device::Output>();
  block->output.frames_hz = input.frames_hz / device.hop();
  return block;
}

// What several kinds take; errors (kInput) say what was found and what to put where.
/// Single samples of int16, of no more channels than a filter can have.
Result<void> require_samples(const Settings& settings, const Signal& input);
/// Frames of samples of int16.
Result<void> require_frames(const Settings& settings, const Signal& input);
Result<void> require_spectrum(const Settings& settings, const Signal& input);

// Blocks that several kinds are made of.
struct IirDesign;
struct DecimationDesign;
std::unique_ptr<Block> iir_block(IirDesign design, const Signal& input);
std::unique_ptr<Block> decimate_block(DecimationDesign design, const Signal& input);
std::unique_ptr<Block> rectify_block(const Signal& input);
/// From 32 bits to 16: each value of a frame / 2^shift.
std::unique_ptr<Block> narrow_block(std::vector<std::int8_t> shifts, const Signal& input);

/// A kind of block: what `block = "..."` in the project file may name. Each makes one block or, for front
/// ends that are known by a name of their own, several.
struct BlockKind {
  std::string_view name;
  std::string_view summary;  ///< one line, for people
  Result<Blocks> (*make)(const Settings& settings, const Signal& input);
};

/// A kind of block with its settings.
struct ChainLink {
  const BlockKind* kind;
  Json settings;
};

/// What `links` make, one behind the other, for a kind that is a name for a chain. Errors (kInput): theirs,
/// at `where`.
Result<Blocks> chain_of(const std::vector<ChainLink>& links, const std::string& where, const Signal& input);

}  // namespace mote::features
