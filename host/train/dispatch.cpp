// SPDX-License-Identifier: Apache-2.0
#include "train/dispatch.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <map>
#include <mutex>

#include "core/resources.h"
#include "core/version.h"

namespace mote::train {
namespace {

bool processor_has_v3() {
#if defined(MOTE_TRAIN_HAS_V3)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("f16c") &&
         __builtin_cpu_supports("lzcnt") && __builtin_cpu_supports("movbe");
#else
  return false;
#endif
}

Result<const Engine*> load(const std::string& isa) {
  MOTE_TRY(const std::filesystem::path file, module_file(fmt::format("libmote_train_{}.so", isa)));
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  const auto broken = [&](const std::string& why) {
    return fail(ErrorKind::kInternal, fmt::format("the training code cannot be used: {}", why), file.string(),
                "install mote again");
  };
  if (library == nullptr) return broken(::dlerror());
  void* symbol = ::dlsym(library, kEngineSymbol);
  if (symbol == nullptr) return broken(::dlerror());
  const Engine* engine = reinterpret_cast<const Engine* (*)()>(symbol)();
  if (std::string_view(engine->version) != kVersion || engine->isa != isa)
    return broken(fmt::format("it is {} of version {}, expected {} of version {}", engine->isa,
                              engine->version, isa, kVersion));
  return engine;
}

}  // namespace

Result<IsaChoice> isa_choice_from(std::string_view name) {
  if (name == "auto") return IsaChoice::kAuto;
  if (name == "baseline") return IsaChoice::kBaseline;
  if (name == "v3") return IsaChoice::kV3;
  return fail(ErrorKind::kUsage, fmt::format("instruction set '{}' is not known", name), "",
              "use auto, baseline or v3");
}

Result<const Engine*> engine(IsaChoice choice) {
  if (choice == IsaChoice::kV3 && !processor_has_v3())
    return fail(ErrorKind::kUsage, "this processor cannot run x86-64-v3 code (AVX2 and fused multiply-add)",
                "", "use --isa baseline");
  const bool wide = choice != IsaChoice::kBaseline && processor_has_v3();
  static std::mutex mutex;
  static std::map<bool, Result<const Engine*>> loaded;
  const std::scoped_lock lock(mutex);
  const auto found = loaded.find(wide);
  if (found != loaded.end()) return found->second;
  return loaded.emplace(wide, load(wide ? "v3" : "baseline")).first->second;
}

}  // namespace mote::train
