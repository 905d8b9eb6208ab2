// SPDX-License-Identifier: Apache-2.0
#include "tflite_runtime.h"

#include <dlfcn.h>

#include <cstdlib>
#include <utility>

namespace mote::test {
namespace {

/// The functions of the library's C interface that the test calls; its structures stay opaque.
struct Functions {
  void* (*model_create)(const void*, std::size_t);
  void (*model_delete)(void*);
  void* (*options_create)();
  void (*options_delete)(void*);
  void (*options_set_threads)(void*, std::int32_t);
  void* (*interpreter_create)(const void*, const void*);
  void (*interpreter_delete)(void*);
  int (*allocate)(void*);
  int (*invoke)(void*);
  std::int32_t (*input_count)(const void*);
  std::int32_t (*output_count)(const void*);
  void* (*input)(const void*, std::int32_t);
  const void* (*output)(const void*, std::int32_t);
  std::size_t (*byte_size)(const void*);
  int (*copy_from)(void*, const void*, std::size_t);
  int (*copy_to)(const void*, void*, std::size_t);
};

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

bool find_all(void* library, Functions& functions) {
  return find(library, "TfLiteModelCreate", functions.model_create) &&
         find(library, "TfLiteModelDelete", functions.model_delete) &&
         find(library, "TfLiteInterpreterOptionsCreate", functions.options_create) &&
         find(library, "TfLiteInterpreterOptionsDelete", functions.options_delete) &&
         find(library, "TfLiteInterpreterOptionsSetNumThreads", functions.options_set_threads) &&
         find(library, "TfLiteInterpreterCreate", functions.interpreter_create) &&
         find(library, "TfLiteInterpreterDelete", functions.interpreter_delete) &&
         find(library, "TfLiteInterpreterAllocateTensors", functions.allocate) &&
         find(library, "TfLiteInterpreterInvoke", functions.invoke) &&
         find(library, "TfLiteInterpreterGetInputTensorCount", functions.input_count) &&
         find(library, "TfLiteInterpreterGetOutputTensorCount", functions.output_count) &&
         find(library, "TfLiteInterpreterGetInputTensor", functions.input) &&
         find(library, "TfLiteInterpreterGetOutputTensor", functions.output) &&
         find(library, "TfLiteTensorByteSize", functions.byte_size) &&
         find(library, "TfLiteTensorCopyFromBuffer", functions.copy_from) &&
         find(library, "TfLiteTensorCopyToBuffer", functions.copy_to);
}

std::unexpected<Error> refuse(const char* what) {
  return fail(ErrorKind::kInternal, what, "official runtime");
}

}  // namespace

std::optional<std::filesystem::path> official_runtime() {
  if (const char* library = std::getenv("MOTE_TFLITE_C")) return library;
#if defined(__aarch64__)
  const char* machine = "linux_arm64";
#else
  const char* machine = "linux_amd64";
#endif
  const std::filesystem::path library = std::filesystem::path(MOTE_INTEROP_DIR) / "node_modules" /
                                        "tfjs-tflite-node" / "cc_deps" / machine / "libtensorflowlite_c.so";
  if (!std::filesystem::exists(library)) return std::nullopt;
  return library;
}

struct OfficialInterpreter::State {
  Functions functions = {};
  std::vector<std::uint8_t> file;  ///< the runtime reads from it as long as it lives
  void* model = nullptr;
  void* interpreter = nullptr;
};

Result<OfficialInterpreter> OfficialInterpreter::create(const std::filesystem::path& library,
                                                        const std::vector<std::uint8_t>& model) {
  void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return refuse("the library cannot be loaded");
  OfficialInterpreter result(new State);
  State& state = *result.state_;
  if (!find_all(handle, state.functions)) return refuse("the library lacks a function");
  state.file = model;
  state.model = state.functions.model_create(state.file.data(), state.file.size());
  if (state.model == nullptr) return refuse("the model is refused");
  void* options = state.functions.options_create();
  state.functions.options_set_threads(options, 1);
  state.interpreter = state.functions.interpreter_create(state.model, options);
  state.functions.options_delete(options);
  if (state.interpreter == nullptr)
    return refuse("no interpreter for the model: an operator or version is unknown");
  if (state.functions.allocate(state.interpreter) != 0) return refuse("an operator of the model is refused");
  return result;
}

OfficialInterpreter::OfficialInterpreter(OfficialInterpreter&& other) noexcept
    : state_(std::exchange(other.state_, nullptr)) {}

OfficialInterpreter::~OfficialInterpreter() {
  if (state_ == nullptr) return;
  if (state_->interpreter != nullptr) state_->functions.interpreter_delete(state_->interpreter);
  if (state_->model != nullptr) state_->functions.model_delete(state_->model);
  delete state_;
}

Result<std::vector<std::uint8_t>> OfficialInterpreter::run(std::span<const std::uint8_t> input) {
  const std::vector<std::uint8_t> inputs[] = {{input.begin(), input.end()}};
  MOTE_TRY(auto outputs, run_all(inputs));
  return std::move(outputs.at(0));
}

std::vector<std::size_t> OfficialInterpreter::input_sizes() const {
  const Functions& functions = state_->functions;
  std::vector<std::size_t> sizes;
  for (std::int32_t index = 0; index < functions.input_count(state_->interpreter); ++index)
    sizes.push_back(functions.byte_size(functions.input(state_->interpreter, index)));
  return sizes;
}

Result<std::vector<std::vector<std::uint8_t>>> OfficialInterpreter::run_all(
    std::span<const std::vector<std::uint8_t>> inputs) {
  const Functions& functions = state_->functions;
  for (std::size_t index = 0; index < inputs.size(); ++index) {
    void* tensor = functions.input(state_->interpreter, static_cast<std::int32_t>(index));
    if (functions.copy_from(tensor, inputs[index].data(), inputs[index].size()) != 0)
      return refuse("an input has another size");
  }
  if (functions.invoke(state_->interpreter) != 0) return refuse("running failed");
  std::vector<std::vector<std::uint8_t>> outputs;
  for (std::int32_t index = 0; index < functions.output_count(state_->interpreter); ++index) {
    const void* tensor = functions.output(state_->interpreter, index);
    outputs.emplace_back(functions.byte_size(tensor));
    if (functions.copy_to(tensor, outputs.back().data(), outputs.back().size()) != 0)
      return refuse("an output cannot be read");
  }
  return outputs;
}

}  // namespace mote::test
