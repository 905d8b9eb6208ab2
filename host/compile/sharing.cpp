// SPDX-License-Identifier: Apache-2.0
#include "compile/sharing.h"

#include <algorithm>
#include <map>
#include <set>

namespace mote::compile {
namespace {

/// What `speed` may spend on kernels: 12 KB less what surrounds them.
constexpr std::int64_t kSpeedCodeBytes = 11 * 1024;

/// Layers of equal arguments.
struct Group {
  std::vector<std::size_t> layers;
  std::int64_t macs = 0;
  bool is_folded = false;
};

class Shares {
 public:
  explicit Shares(const std::vector<Layer>& layers) : layers_(layers) {
    std::map<std::string, std::size_t> known;
    for (std::size_t index = 0; index < layers.size(); ++index) {
      const auto [group, is_new] = known.try_emplace(arguments_key(layers[index]), groups_.size());
      if (is_new) groups_.emplace_back();
      groups_[group->second].layers.push_back(index);
      groups_[group->second].macs += layers[index].macs;
    }
    std::set<std::string> variants;
    for (const Layer& layer : layers)
      if (variants.insert(layer.variant_type).second) common_bytes_ += layer.common_code_bytes;
    for (Group& group : groups_) of_kind_[kind_key(layer(group))].push_back(&group);
    for (auto& [kind, groups] : of_kind_) fold_if_smaller(groups);
  }

  /// Folds the shapes of whole kinds, which then need no instance for any shape, and then of single ones;
  /// those with the most multiplications first, as long as the code stays below `bytes`.
  void fold(std::int64_t bytes) {
    std::vector<std::vector<Group*>> kinds;
    for (const auto& [kind, groups] : of_kind_) kinds.push_back(groups);
    std::ranges::stable_sort(kinds, std::greater(), macs_of);
    for (const auto& groups : kinds) fold_all(groups, bytes);
    std::vector<Group*> by_macs;
    for (Group& group : groups_) by_macs.push_back(&group);
    std::ranges::stable_sort(by_macs, std::greater(), &Group::macs);
    for (Group* group : by_macs) {
      if (group->is_folded) continue;
      group->is_folded = true;
      if (code_bytes() > bytes) group->is_folded = false;
    }
    for (const auto& groups : kinds) fold_all(groups, bytes);
  }

  std::int64_t code_bytes() const {
    std::int64_t bytes = common_bytes_;
    for (const auto& [kind, groups] : of_kind_) {
      bool is_shared = false;
      for (const Group* group : groups) {
        is_shared |= !group->is_folded;
        if (group->is_folded) bytes += layer(*group).folded_code_bytes;
      }
      if (is_shared) bytes += layer(*groups[0]).shared_code_bytes;
    }
    return bytes;
  }

  Sharing take() const {
    Sharing sharing{std::vector<Instance>(layers_.size(), Instance::kAnyArguments), code_bytes()};
    for (const Group& group : groups_)
      for (const std::size_t index : group.layers)
        if (group.is_folded)
          sharing.of_layer[index] = group.layers.size() == 1 ? Instance::kInline : Instance::kSameArguments;
    return sharing;
  }

 private:
  const Layer& layer(const Group& group) const { return layers_[group.layers[0]]; }

  static std::int64_t macs_of(const std::vector<Group*>& groups) {
    std::int64_t macs = 0;
    for (const Group* group : groups) macs += group->macs;
    return macs;
  }

  /// Folds what is left of a kind, so that its instance for any shape is not needed, if that fits.
  void fold_all(const std::vector<Group*>& groups, std::int64_t bytes) {
    std::vector<Group*> left;
    for (Group* group : groups)
      if (!group->is_folded) left.push_back(group);
    for (Group* group : left) group->is_folded = true;
    if (code_bytes() <= bytes) return;
    for (Group* group : left) group->is_folded = false;
  }

  void fold_if_smaller(std::vector<Group*>& groups) {
    const Layer& one = layer(*groups[0]);
    const auto count = static_cast<std::int64_t>(groups.size());
    for (Group* group : groups) group->is_folded = count * one.folded_code_bytes <= one.shared_code_bytes;
  }

  const std::vector<Layer>& layers_;
  std::vector<Group> groups_;
  std::map<std::string, std::vector<Group*>> of_kind_;
  std::int64_t common_bytes_ = 0;  ///< of what all instances of a kernel share
};

}  // namespace

std::string arguments_key(const Layer& layer) {
  std::string key = layer.variant_type;
  for (const ops::Argument& argument : layer.arguments)
    for (const ops::Field& field : argument.fields) key += "," + field.literal;
  return key;
}

std::string kind_key(const Layer& layer) {
  return layer.variant_type + "," + std::to_string(layer.instance_kind);
}

Sharing share_instances(const std::vector<Layer>& layers, Optimize optimize) {
  Shares shares(layers);
  if (optimize != Optimize::kSize) shares.fold(kSpeedCodeBytes);
  return shares.take();
}

}  // namespace mote::compile
