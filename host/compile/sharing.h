// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "compile/compile.h"

namespace mote::compile {

/// What a layer calls.
enum class Instance : std::uint8_t {
  kInline,         ///< the kernel where it is called, with the shape folded in
  kSameArguments,  ///< a function for layers of equal shapes, with the shape folded in
  kAnyArguments,   ///< a function for the other shapes of one kind, which come as arguments
};

/// Which instance each layer calls, and about how much code that makes on a Cortex-M4.
struct Sharing {
  std::vector<Instance> of_layer;
  std::int64_t code_bytes = 0;
};

/// Layers of equal arguments share their code always. With kSize it is as little as possible; else the
/// layers with the most multiplications have their shapes folded in, as far as about 12 KB go.
Sharing share_instances(const std::vector<Layer>& layers, Optimize optimize);

/// Two layers with the same key can call the same kSameArguments.
std::string arguments_key(const Layer& layer);

/// Two layers with the same key can call the same kAnyArguments.
std::string kind_key(const Layer& layer);

}  // namespace mote::compile
