// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a model expects of its sensors and what a board delivers, as types: if the two differ, the firmware
// does not compile, and the compiler's message holds both values as template arguments (model first, board
// second).

#include <stdint.h>

namespace mote {
namespace runtime {

/// What a sensor measures.
enum class SensorKind : uint8_t { kAccelerometer, kGyroscope, kMagnetometer, kMicrophone, kOther };

/// Unit of one sensor value.
enum class Unit : uint8_t {
  kG,  ///< standard gravity, 9.80665 m/s2
  kMetersPerSecondSquared,
  kDegreesPerSecond,
  kRadiansPerSecond,
  kMicrotesla,
  kFullScale,  ///< fraction of the largest value, -1 ... 1
  kCounts      ///< raw converter counts
};

/// Axes of one quantity, with one unit and one range.
///
/// `range_milli`: the largest magnitude in thousandths of the unit; a raw count is range / 32768.
template <SensorKind kind, int32_t axes, Unit unit, int64_t range_milli>
struct SensorGroup {
  static_assert(axes >= 1, "a sensor has at least one axis");
  static_assert(range_milli >= 1, "the range of a sensor is positive");
  static constexpr int32_t kAxes = axes;
};

namespace detail {

template <class... Groups>
struct AxisSum;

template <>
struct AxisSum<> {
  static constexpr int32_t kAxes = 0;
};

template <class First, class... Rest>
struct AxisSum<First, Rest...> {
  static constexpr int32_t kAxes = First::kAxes + AxisSum<Rest...>::kAxes;
};

}  // namespace detail

/// Everything that a stream of samples must agree on: the sampling rate and the groups in channel order.
template <int64_t rate_millihertz, class... SensorGroups>
struct SensorContract {
  static_assert(rate_millihertz >= 1, "the sample rate is positive");
  static constexpr int64_t kRateMillihertz = rate_millihertz;
  static constexpr int32_t kGroups = static_cast<int32_t>(sizeof...(SensorGroups));
  static constexpr int32_t kAxes = detail::AxisSum<SensorGroups...>::kAxes;
};

/// Whether `board` is within 1 % of `model`: a BMI270 asked for 100 Hz delivers 99.84 Hz.
constexpr bool same_rate(int64_t model_millihertz, int64_t board_millihertz) {
  return (board_millihertz - model_millihertz) * 100 <= model_millihertz &&
         (model_millihertz - board_millihertz) * 100 <= model_millihertz;
}

template <int64_t model_millihertz, int64_t board_millihertz>
struct RequireSampleRate {
  static_assert(
      same_rate(model_millihertz, board_millihertz),
      "the board samples at another rate than the model was trained on; in millihertz: model, board");
  static constexpr bool kHolds = true;
};

template <int32_t model_groups, int32_t board_groups>
struct RequireGroupCount {
  static_assert(model_groups == board_groups,
                "the board delivers another number of sensors than the model expects: model, board");
  static constexpr bool kHolds = true;
};

template <SensorKind model_kind, SensorKind board_kind>
struct RequireKind {
  static_assert(model_kind == board_kind,
                "the board has another sensor than the model was trained on: model, board");
  static constexpr bool kHolds = true;
};

template <int32_t model_axes, int32_t board_axes>
struct RequireAxisCount {
  static_assert(model_axes == board_axes,
                "the board delivers another number of axes than the model expects: model, board");
  static constexpr bool kHolds = true;
};

template <Unit model_unit, Unit board_unit>
struct RequireUnit {
  static_assert(model_unit == board_unit,
                "the board delivers another unit than the model was trained on: model, board");
  static constexpr bool kHolds = true;
};

template <int64_t model_range_milli, int64_t board_range_milli>
struct RequireRange {
  static_assert(
      model_range_milli == board_range_milli,
      "the board's sensor has another range than the model was trained on; in thousandths of the unit: "
      "model, board");
  static constexpr bool kHolds = true;
};

/// Does not compile where a window is to be filled with another number of values than it has.
template <int32_t model_values, int32_t other_values>
struct RequireWindow {
  static_assert(model_values == other_values,
                "the window has another size than the model expects; in values: model, what fills it");
  static constexpr bool kHolds = true;
};

/// Does not compile where a board has less memory than the firmware needs.
template <int64_t needed_bytes, int64_t available_bytes>
struct RequireMemory {
  static_assert(needed_bytes <= available_bytes,
                "the firmware needs more memory than the board has; in bytes: needed, available");
  static constexpr bool kHolds = true;
};

namespace detail {

template <class ModelGroup, class BoardGroup>
struct RequireGroup;

template <SensorKind model_kind, int32_t model_axes, Unit model_unit, int64_t model_range,
          SensorKind board_kind, int32_t board_axes, Unit board_unit, int64_t board_range>
struct RequireGroup<SensorGroup<model_kind, model_axes, model_unit, model_range>,
                    SensorGroup<board_kind, board_axes, board_unit, board_range>> {
  static constexpr bool kHolds =
      RequireKind<model_kind, board_kind>::kHolds && RequireAxisCount<model_axes, board_axes>::kHolds &&
      RequireUnit<model_unit, board_unit>::kHolds && RequireRange<model_range, board_range>::kHolds;
};

template <class... Groups>
struct GroupList {};

/// Pairs the groups in order; a surplus on either side is RequireGroupCount's to tell.
template <class ModelGroups, class BoardGroups>
struct RequireGroups {
  static constexpr bool kHolds = true;
};

template <class ModelFirst, class... ModelRest, class BoardFirst, class... BoardRest>
struct RequireGroups<GroupList<ModelFirst, ModelRest...>, GroupList<BoardFirst, BoardRest...>> {
  static constexpr bool kHolds = RequireGroup<ModelFirst, BoardFirst>::kHolds &&
                                 RequireGroups<GroupList<ModelRest...>, GroupList<BoardRest...>>::kHolds;
};

}  // namespace detail

/// Does not compile unless the board delivers what the model expects: the same groups in the same order, each
/// with the same kind, axes, unit and range, sampled at the same rate within 1 %.
///
/// Use: `static_assert(RequireMatch<Model::Contract, Board::Sensor>::kHolds, "");`
template <class ModelContract, class BoardContract>
struct RequireMatch;

template <int64_t model_millihertz, class... ModelGroups, int64_t board_millihertz, class... BoardGroups>
struct RequireMatch<SensorContract<model_millihertz, ModelGroups...>,
                    SensorContract<board_millihertz, BoardGroups...>> {
  static constexpr bool kHolds =
      RequireSampleRate<model_millihertz, board_millihertz>::kHolds &&
      RequireGroupCount<static_cast<int32_t>(sizeof...(ModelGroups)),
                        static_cast<int32_t>(sizeof...(BoardGroups))>::kHolds &&
      detail::RequireGroups<detail::GroupList<ModelGroups...>, detail::GroupList<BoardGroups...>>::kHolds;
};

}  // namespace runtime
}  // namespace mote
