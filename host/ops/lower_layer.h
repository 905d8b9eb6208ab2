// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the "lower" aspects of all operators share: choosing a variant from its list and asking it for
// everything that executor, planner and generator need. Nothing here or behind it names a variant.
#include <cstring>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include "mote/core/flash.h"
#include "ops/kernel.h"
#include "ops/lower.h"
#include "ops/operands.h"

namespace mote::ops {

/// How C++ spells a type, with the fixed-width names of integers.
std::string demangled(const char* mangled);
template <class T>
std::string type_name() {
  return demangled(typeid(T).name());
}

/// Values as C++14 spells them.
std::string literal(float value);
std::string literal(std::int64_t value);
std::string literal(Rounding rounding);
inline std::string literal(bool value) {
  return value ? "true" : "false";
}
inline std::string literal(std::int32_t value) {
  return literal(std::int64_t{value});
}
template <class T, std::size_t kCount>
std::string literal(const T (&items)[kCount]) {
  std::string text;
  for (const T& item : items) text += (text.empty() ? "{" : ", ") + literal(item);
  return text + "}";
}

/// A member with its name.
template <class T>
Field field(std::string name, const T& value) {
  return {std::move(name), literal(value)};
}

/// A value that run() takes, with its members in the order of the struct: the shape, an activation, a factor.
template <class T>
struct ByValue {
  T value;
  std::vector<Field> fields;
  std::string name = "Shape";

  Argument argument() const { return {name, type_name<T>(), fields}; }
};

/// Constants of a layer, and the struct of Flash pointers that its kernel takes. Members are added in the
/// order of the struct, all of them.
template <class Tables>
class TableSet {
 public:
  template <class T>
  TableSet& add(std::string name, Flash<T> Tables::* member, std::span<const std::type_identity_t<T>> items) {
    Table table{std::move(name), dtype_of<T>(), {}};
    table.data.resize(items.size_bytes());
    if (!items.empty()) std::memcpy(table.data.data(), items.data(), items.size_bytes());
    // The bytes stay where they are when the list grows: vectors move, their storage does not.
    view_.*member = Flash<T>(items.empty() ? nullptr : reinterpret_cast<const T*>(table.data.data()));
    tables_->push_back(std::move(table));
    return *this;
  }

  const Tables& view() const { return view_; }
  std::shared_ptr<const std::vector<Table>> tables() const { return tables_; }

 private:
  template <class T>
  static constexpr graph::DType dtype_of() {
    if constexpr (std::is_same_v<T, float>) return graph::DType::kFloat32;
    if constexpr (std::is_same_v<T, std::uint8_t>) return graph::DType::kUInt8;
    if constexpr (std::is_same_v<T, std::int8_t>) return graph::DType::kInt8;
    if constexpr (std::is_same_v<T, std::uint16_t>) return graph::DType::kUInt16;
    if constexpr (std::is_same_v<T, std::int16_t>) return graph::DType::kInt16;
    if constexpr (std::is_same_v<T, std::int32_t>) return graph::DType::kInt32;
    if constexpr (std::is_same_v<T, std::int64_t>) return graph::DType::kInt64;
  }

  Tables view_ = {};
  std::shared_ptr<std::vector<Table>> tables_ = std::make_shared<std::vector<Table>>();
};

namespace detail {

template <class Function>
struct Parameters;
template <class... Types>
struct Parameters<void (*)(Types...)> {
  static constexpr std::size_t kCount = sizeof...(Types);
  template <std::size_t kIndex>
  using At = std::tuple_element_t<kIndex, std::tuple<Types...>>;
};

/// The parameters of Variant::run: values, tables if there are any, pointers, scratch.
template <class Variant>
using RunParameters = Parameters<decltype(&Variant::run)>;

template <class Variant, class Values, std::size_t... kValue, std::size_t... kPointer>
MOTE_INLINE void call(const Values& values, std::span<void* const> operands, void* scratch,
                      std::index_sequence<kValue...>, std::index_sequence<kPointer...>) {
  using Run = RunParameters<Variant>;
  constexpr std::size_t kFirst = sizeof...(kValue);
  Variant::run(std::get<kValue>(values)...,
               static_cast<typename Run::template At<kFirst + kPointer>>(operands[kPointer])..., scratch);
}

/// A kernel with the vectors that every computer of this kind has. Always a function of its own, as is the
/// next.
template <class Variant, class Values, class ValueIndices, class PointerIndices>
[[gnu::noinline]] void call_baseline(const Values& values, std::span<void* const> operands, void* scratch) {
  call<Variant>(values, operands, scratch, ValueIndices{}, PointerIndices{});
}

#if defined(__x86_64__)
/// The same kernel, compiled once more for the vectors of most of them: the same results, sooner.
template <class Variant, class Values, class ValueIndices, class PointerIndices>
[[gnu::noinline, gnu::target("avx2")]] void call_avx2(const Values& values, std::span<void* const> operands,
                                                      void* scratch) {
  call<Variant>(values, operands, scratch, ValueIndices{}, PointerIndices{});
}
#endif

/// The call for this computer. Kernels without weights are not worth a second one.
template <class Variant, class Values, class ValueIndices, class PointerIndices>
auto best_call() {
#if defined(__x86_64__)
  if constexpr (requires { &Variant::pack; })
    if (__builtin_cpu_supports("avx2")) return &call_avx2<Variant, Values, ValueIndices, PointerIndices>;
#endif
  return &call_baseline<Variant, Values, ValueIndices, PointerIndices>;
}

template <class Variant, class Shape>
inline constexpr bool kAheadByInput =
    requires(const Shape& shape, std::int32_t input) { Variant::input_ahead_bytes(shape, input); };

/// Pointers to constants are read; the others are written, or are states if the graph says so.
template <class Variant, class Shape, std::size_t kFirst, std::size_t... kPointer>
std::vector<Operand> operands_of(const graph::Graph& graph, const std::vector<graph::ValueId>& ids,
                                 const Shape& shape, std::index_sequence<kPointer...>) {
  using Run = RunParameters<Variant>;
  constexpr bool kIsRead[] = {
      std::is_const_v<std::remove_pointer_t<typename Run::template At<kFirst + kPointer>>>...};
  const std::string types[] = {type_name<
      std::remove_const_t<std::remove_pointer_t<typename Run::template At<kFirst + kPointer>>>>()...};
  std::vector<Operand> operands;
  std::int32_t reads = 0;
  for (std::size_t index = 0; index < ids.size(); ++index) {
    Operand operand{ids[index], Access::kWrite, types[index], kernels::kDisjoint};
    if (kIsRead[index]) {
      operand.access = Access::kRead;
      if constexpr (kAheadByInput<Variant, Shape>)
        operand.ahead_bytes = Variant::input_ahead_bytes(shape, reads);
      else if (reads == 0)
        operand.ahead_bytes = Variant::input_ahead_bytes(shape);
      ++reads;
    } else if (graph.value(ids[index]).is_state) {
      operand.access = Access::kState;
    }
    operands.push_back(operand);
  }
  return operands;
}

template <class Variant, class Shape>
constexpr bool is_supported(const Shape& shape, const kernels::Limits& limits) {
  if constexpr (requires { Variant::supports(shape, limits); })
    return Variant::supports(shape, limits);
  else
    return Variant::supports(shape);
}

/// What a kernel says of which shapes may share its code.
template <class Variant, class Shape>
constexpr std::int32_t instance_kind(const Shape& shape) {
  if constexpr (requires { Variant::instance_kind(shape); }) return Variant::instance_kind(shape);
  return 0;
}

/// What a kernel says of its code, or what most of them take.
template <class Variant>
constexpr kernels::CodeBytes code_bytes(std::int32_t kind) {
  if constexpr (requires { Variant::code_bytes(kind); }) return Variant::code_bytes(kind);
  return {400, 800, 0};
}

/// Whether a variant is for images that are to be small alone.
template <class Variant>
constexpr bool is_for_size() {
  if constexpr (requires { Variant::kForSize; }) return Variant::kForSize;
  return false;
}

/// What a call gets by value: the content of a ByValue, the pointers of a TableSet.
template <class T>
const T& passed(const ByValue<T>& value) {
  return value.value;
}
template <class T>
const T& passed(const TableSet<T>& tables) {
  return tables.view();
}

template <class T>
void describe_argument(Layer& layer, const ByValue<T>& value) {
  layer.arguments.push_back(value.argument());
}
template <class T>
void describe_argument(Layer& layer, const TableSet<T>& tables) {
  layer.tables_type = type_name<T>();
  layer.tables = tables.tables();
}

}  // namespace detail

/// The bounds of a float result as an argument.
inline ByValue<kernels::FloatActivation> activation_value(kernels::FloatActivation activation) {
  return {activation,
          {field("activation_min", activation.activation_min),
           field("activation_max", activation.activation_max)},
          "Activation"};
}

/// The error of a layer that no kernel computes exactly.
std::unexpected<Error> no_exact_kernel(const graph::Graph& graph, const graph::Node& node);

/// A call of `Variant` for `operands`, in the order of its pointers; `rest` [in]: further ByValues and
/// TableSets in the order of its parameters.
template <class Variant, class Shape, class... Rest>
Layer layer_of(const graph::Graph& graph, const graph::Node& node,
               const std::vector<graph::ValueId>& operands, const ByValue<Shape>& shape,
               const Rest&... rest) {
  using Run = detail::RunParameters<Variant>;
  constexpr std::size_t kValues = 1 + sizeof...(Rest);
  constexpr std::size_t kPointers = Run::kCount - kValues - 1;
  using Pointers = std::make_index_sequence<kPointers>;
  Layer layer;
  layer.op = node.op;
  layer.variant = Variant::kName;
  layer.variant_type = type_name<Variant>();
  layer.header = "mote/kernels/" + node.op + "_variants.h";
  detail::describe_argument(layer, shape);
  (detail::describe_argument(layer, rest), ...);
  layer.operands = detail::operands_of<Variant, Shape, kValues>(graph, operands, shape.value, Pointers{});
  layer.ahead_by_input = detail::kAheadByInput<Variant, Shape>;
  layer.scratch_bytes = Variant::scratch_bytes(shape.value);
  layer.macs = Variant::macs(shape.value);
  layer.instance_kind = detail::instance_kind<Variant>(shape.value);
  const kernels::CodeBytes code = detail::code_bytes<Variant>(layer.instance_kind);
  layer.folded_code_bytes = code.folded;
  layer.shared_code_bytes = code.shared;
  layer.common_code_bytes = code.common;
  if constexpr (requires { Variant::kAlignmentBytes; }) layer.alignment_bytes = Variant::kAlignmentBytes;
  using Values = std::tuple<Shape, std::decay_t<decltype(detail::passed(rest))>...>;
  const auto values = std::make_shared<const Values>(shape.value, detail::passed(rest)...);
  const auto call = detail::best_call<Variant, Values, std::make_index_sequence<kValues>, Pointers>();
  layer.run = [values, owner = layer.tables, call](std::span<void* const> pointers, void* scratch) {
    call(*values, pointers, scratch);
  };
  return layer;
}

/// The layer that `make(variant)` returns for the best variant of the list that is exact for `shape` and
/// `limits`, or for the last one, the reference, if the options ask for it. Errors (kInput): there is none.
template <class Variants, class Shape, class Make>
Result<std::vector<Layer>> select_variant(const graph::Graph& graph, const graph::Node& node,
                                          const LowerOptions& options, const Shape& shape,
                                          const kernels::Limits& limits, Make make) {
  std::vector<Layer> found;
  std::vector<std::string> refused;
  std::int32_t index = 0, skipped = 0;
  Variants::for_each([&](auto variant) {
    using Variant = decltype(variant);
    const bool wanted = options.reference ? index == Variants::kCount - 1
                                          : Variant::available(options.isa) &&
                                                (options.small || !detail::is_for_size<Variant>());
    ++index;
    if (!wanted || skipped > options.skipped_variants) return;
    if (!detail::is_supported<Variant>(shape, limits)) {
      if (!detail::is_for_size<Variant>()) refused.emplace_back(Variant::kName);
      return;
    }
    ++skipped;
    found.clear();
    found.push_back(make(variant));
    found[0].refused = refused;
  });
  if (found.empty()) return no_exact_kernel(graph, node);
  return found;
}

/// One call of the best variant of an operator without tables: reads the operands that `operands` names
/// first, writes the rest.
template <class Variants, class Shape, class... Rest>
Result<std::vector<Layer>> lower_plain(const graph::Graph& graph, const graph::Node& node,
                                       const LowerOptions& options,
                                       const std::vector<graph::ValueId>& operands,
                                       const ByValue<Shape>& shape, const Rest&... rest) {
  return select_variant<Variants>(graph, node, options, shape.value, kernels::Limits{}, [&](auto variant) {
    return layer_of<decltype(variant)>(graph, node, operands, shape, rest...);
  });
}

}  // namespace mote::ops
