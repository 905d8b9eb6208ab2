// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <string>

namespace mote {

/// How far a long job is; what a stage tells whoever called it, which decides whether and how to show it.
struct Progress {
  std::int64_t done = 0;
  std::int64_t total = 0;
  std::string text;  ///< a few words: "epoch 12  loss 0.312  accuracy 0.91"
};

/// Takes progress; an empty function is allowed.
using ProgressSink = std::function<void(const Progress&)>;

}  // namespace mote
