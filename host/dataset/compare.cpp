// SPDX-License-Identifier: Apache-2.0
#include "dataset/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "core/statistics.h"
#include "dataset/axis_turn.h"
#include "dataset/profile.h"

namespace mote::dataset {
namespace {

/// How rarely one more group like the training groups lies beyond a limit.
constexpr double kRare = 1e-4;
constexpr double kFloorFactorOfFewGroups = 3;

/// Two-sided quantile of Student's t: |T| is above it with probability kRare.
double student_t(double degrees) {
  double low = 0, high = 1e6;
  for (int step = 0; step < 100; ++step) {
    const double t = (low + high) / 2;
    (incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5) > kRare ? low : high) = t;
  }
  return high;
}

/// How a quantity lies among the training groups.
struct Usual {
  double mean = 0;
  double limit = 0;  ///< of the distance from the mean

  Usual(const std::vector<double>& values, double floor) {
    const auto count = static_cast<double>(values.size());
    for (const double value : values) mean += value / count;
    limit = floor * (values.size() > 2 ? 1 : kFloorFactorOfFewGroups);
    if (values.size() < 3) return;
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    limit = std::max(limit, student_t(count - 1) * std::sqrt(squares / (count - 1) * (1 + 1 / count)));
  }
  bool allows(double value) const { return std::abs(value - mean) <= limit; }
};

using Groups = std::vector<Group>;

/// One number of each group, averaged over its labels.
template <class Quantity>
std::vector<double> each(const Groups& groups, const Quantity& quantity) {
  std::vector<double> values;
  for (const auto& group : groups) {
    double sum = 0;
    for (const auto& [label, profile] : group.profiles) sum += quantity(profile);
    values.push_back(sum / static_cast<double>(group.profiles.size()));
  }
  return values;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

class Comparer {
 public:
  Comparer(Groups training, Groups recent, project::SensorDescription sensor)
      : training_(std::move(training)), recent_(std::move(recent)), sensor_(std::move(sensor)) {}

  std::vector<Difference> run() {
    rate();
    scale();
    std::size_t first = 0;
    for (const auto& group : sensor_.groups) {
      if (group.axes.size() == 3 && group.kind == project::SensorKind::kAccelerometer) orientation(first);
      first += group.axes.size();
    }
    clipping();
    for (std::size_t axis = 0; axis < names_.size(); ++axis) of_axis(axis);
    return std::move(differences_);
  }

 private:
  /// A quantity that is a logarithm, judged and told as a ratio; adds `difference` if it is beyond its
  /// limits.
  template <class Quantity>
  bool ratio(const Quantity& log_of, double floor, Difference difference) {
    const Usual usual(each(training_, log_of), std::log(floor));
    const double found = mean_of(each(recent_, log_of));
    if (usual.allows(found)) return false;
    difference.found = std::exp(found);
    difference.usual = std::exp(usual.mean);
    difference.low = std::exp(usual.mean - usual.limit);
    difference.high = std::exp(usual.mean + usual.limit);
    differences_.push_back(std::move(difference));
    return true;
  }

  std::string unit_of(std::size_t axis) const {
    for (const auto& group : sensor_.groups) {
      if (axis < group.axes.size()) return std::string(project::to_string(group.unit));
      axis -= group.axes.size();
    }
    return "";
  }

  void rate() {
    std::vector<double> usual_rates, found_rates;
    for (const auto& group : training_)
      if (group.rate_hz.has_value()) usual_rates.push_back(*group.rate_hz);
    for (const auto& group : recent_)
      if (group.rate_hz.has_value()) found_rates.push_back(*group.rate_hz);
    if (usual_rates.empty() || found_rates.empty()) return;
    const Usual usual(usual_rates, 0.01 * mean_of(usual_rates));
    const double found = mean_of(found_rates);
    if (usual.allows(found)) return;
    other_rate_ = true;
    differences_.push_back({Aspect::kRate, "", found, usual.mean, usual.mean - usual.limit,
                            usual.mean + usual.limit, "Hz",
                            fmt::format("sampled at {:.4g} Hz instead of {:.4g} Hz", found, usual.mean),
                            "every motion looks faster or slower to the model than it is",
                            "set the sensor's rate as in training, or resample"});
  }

  /// A group's values times a factor that a unit or a range explains.
  void scale() {
    struct Factor {
      double factor;
      const char* what;
    };
    static constexpr std::array kFactors = {
        Factor{9.80665, "in m/s2 where g was expected"},
        Factor{1 / 9.80665, "in g where m/s2 was expected"},
        Factor{57.29578, "in degrees where radians were expected"},
        Factor{1 / 57.29578, "in radians where degrees were expected"},
        Factor{2.0, "twice as large: a range of half the size"},
        Factor{0.5, "half as large: a range of twice the size"},
        Factor{4.0, "four times as large: a range of a quarter of the size"},
        Factor{0.25, "a quarter as large: a range of four times the size"}};
    std::size_t first = 0;
    for (const auto& group : sensor_.groups) {
      const std::size_t count = group.axes.size();
      const auto size = [&](const Profile& profile) { return std::log(profile.size(first, count)); };
      const Usual usual(each(training_, size), std::log(1.3));
      const double found = mean_of(each(recent_, size)) - usual.mean;
      for (const auto& [factor, what] : kFactors) {
        if (usual.allows(usual.mean + found) || std::abs(found - std::log(factor)) > std::log(1.25)) continue;
        differences_.push_back({Aspect::kScale, joined(first, count), std::exp(found), 1,
                                std::exp(-usual.limit), std::exp(usual.limit), "",
                                fmt::format("values are {:.3g} times as large: {}", std::exp(found), what),
                                "the model sees motion of another strength",
                                "correct unit and range in the sensor's description, or in the firmware"});
        enlarged_ = enlarged_ || factor > 1;
        for (auto& recent : recent_)
          for (auto& [label, profile] : recent.profiles) profile.divide(first, count, factor);
        break;
      }
      first += count;
    }
  }

  /// The quantities that tell how an accelerometer is turned, label by label.
  std::vector<double> vectors_of(const Profile& profile, std::size_t first) const {
    std::vector<double> result;
    for (std::size_t at = first; at < first + 3; ++at) result.push_back(profile.mean[at]);
    for (std::size_t at = first; at < first + 3; ++at) result.push_back(profile.deviation[at]);
    for (std::size_t at = first; at < first + 3; ++at) result.push_back(profile.third[at]);
    for (std::size_t at = 0; at < 3; ++at)
      result.push_back(profile.covariance(first + at, first + (at + 1) % 3));
    return result;
  }

  void orientation(std::size_t first) {
    std::set<std::string> labels;
    for (const auto& group : recent_)
      for (const auto& [label, profile] : group.profiles) labels.insert(label);
    double size = 0;
    for (const auto& group : training_)
      for (const auto& [label, profile] : group.profiles) size = std::max(size, profile.size(first, 3));
    std::vector<double> training_scores(training_.size()), scores(kAxisTurns);
    for (const auto& label : labels) {
      std::vector<std::vector<double>> usual;
      std::vector<std::size_t> owners;
      for (std::size_t index = 0; index < training_.size(); ++index)
        if (const auto found = training_[index].profiles.find(label);
            found != training_[index].profiles.end()) {
          usual.push_back(vectors_of(found->second, first));
          owners.push_back(index);
        }
      const auto [centre, variance] = centre_and_variance(usual, 0.02 * size);
      for (std::size_t index = 0; index < usual.size(); ++index)
        training_scores[owners[index]] += distance(usual[index], centre, variance);
      for (std::size_t turn = 0; turn < kAxisTurns; ++turn) {
        std::vector<std::vector<double>> turned;
        for (const auto& group : recent_)
          if (const auto found = group.profiles.find(label); found != group.profiles.end())
            turned.push_back(vectors_of(found->second.turned(first, axis_turn(turn)), first));
        scores[turn] += distance(centre_and_variance(turned, 0).first, centre, variance);
      }
    }
    const double limit = 3 * *std::ranges::max_element(training_scores);
    const auto best = best_turn(scores);
    if (scores[0] > limit && best != 0 && scores[best] < limit && scores[best] < scores[0] / 3)
      turn_recent(first, best, scores[0] / limit);
    else
      tilt(first);
  }

  /// The nearest; a turned board is likelier than a mirrored one if both explain what was found.
  static std::size_t best_turn(const std::vector<double>& scores) {
    std::size_t best = 0, best_proper = 0;
    for (std::size_t turn = 0; turn < scores.size(); ++turn) {
      if (scores[turn] < scores[best]) best = turn;
      if (is_rotation(axis_turn(turn)) && scores[turn] < scores[best_proper]) best_proper = turn;
    }
    return scores[best_proper] < 2 * scores[best] ? best_proper : best;
  }

  void turn_recent(std::size_t first, std::size_t index, double times) {
    const AxisTurn turn = axis_turn(index);
    differences_.push_back({Aspect::kOrientation, joined(first, 3), times, 0, 0, 1, "",
                            in_words(turn, {names_[first], names_[first + 1], names_[first + 2]}),
                            "what the model learnt of one axis now happens on another",
                            "mount the board as in training, or map the axes in the firmware"});
    for (auto& group : recent_)
      for (auto& [label, profile] : group.profiles) {
        std::size_t at = 0;
        for (const auto& sensors : sensor_.groups) {  // one board: all its sensors turn alike
          if (sensors.axes.size() == 3) profile = profile.turned(at, turn);
          at += sensors.axes.size();
        }
      }
  }

  std::array<double, 3> direction(const Groups& groups, std::size_t first) const {
    std::array<double, 3> result{};
    double length = 0;
    for (std::size_t at = 0; at < 3; ++at) {
      result[at] = mean_of(each(groups, [&](const Profile& profile) { return profile.mean[first + at]; }));
      length += result[at] * result[at];
    }
    for (double& value : result) value /= std::sqrt(length);
    return result;
  }

  static double degrees_between(const std::array<double, 3>& a, const std::array<double, 3>& b) {
    const double cosine = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    return std::acos(std::clamp(cosine, -1.0, 1.0)) * 57.29577951308232;
  }

  void tilt(std::size_t first) {
    const auto usual = direction(training_, first);
    double squares = 0;
    for (const auto& group : training_)
      squares += std::pow(degrees_between(direction({group}, first), usual), 2);
    const auto count = static_cast<double>(training_.size());
    double limit = 5 * (count > 2 ? 1 : kFloorFactorOfFewGroups);
    if (count > 2)
      limit = std::max(limit, student_t(2 * (count - 1)) * std::sqrt(squares / (2 * (count - 1))) * 1.5);
    const double found = degrees_between(direction(recent_, first), usual);
    if (found <= limit) return;
    tilted_.insert({first, first + 1, first + 2});
    differences_.push_back({Aspect::kOrientation, joined(first, 3), found, 0, 0, limit, "degrees",
                            fmt::format("tilted by {:.0f} degrees", found),
                            "gravity, and with it the mean of every axis, lies elsewhere than in training",
                            "mount the board as in training, or train with sessions in this mounting too"});
  }

  void clipping() {
    if (enlarged_) return;
    const auto share = [](const Profile& profile) { return profile.clipped_share; };
    const Usual usual(each(training_, share), 0.005);
    const double found = mean_of(each(recent_, share));
    if (found <= usual.mean + usual.limit) return;
    differences_.push_back(
        {Aspect::kClipping, "", 100 * found, 100 * usual.mean, 0, 100 * (usual.mean + usual.limit), "%",
         fmt::format("{:.1f} % of the samples are at the end of the range", 100 * found),
         "the tops of strong motion are cut off", "choose a larger range and record again"});
  }

  void of_axis(std::size_t axis) {
    const std::string& name = names_[axis];
    const std::string unit = unit_of(axis);
    const auto log_noise = [&](const Profile& profile) { return std::log(profile.noise[axis]); };
    const bool noisy =
        !other_rate_ && ratio(log_noise, 1.5,
                              {Aspect::kNoise, name, 0, 0, 0, 0, unit, "noise at rest is another",
                               "small motion is hidden by noise, or the model takes noise for motion",
                               "compare sensor part, power mode and filter setting with those of training"});
    level(axis, name, unit);
    const auto log_deviation = [&](const Profile& profile) { return std::log(profile.deviation[axis]); };
    ratio(
        log_deviation, 1.5,
        {Aspect::kStrength, name, 0, 0, 0, 0, unit, "motion is of another strength",
         "the model meets values it was not trained for", "add recordings of this kind to the training set"});
    if (other_rate_ || noisy) return;
    for (std::size_t band = 0; band < kBands; ++band) {
      const double top_hz = sensor_.rate_hz() / static_cast<double>(2 << band);
      const auto log_share = [&](const Profile& profile) { return profile.log_band[axis][band]; };
      ratio(log_share, 4,
            {Aspect::kSpectrum, name, 0, 0, 0, 0, "",
             fmt::format("share of {:.3g} to {:.3g} Hz", top_hz / 2, top_hz),
             "the motion is of another kind, or a filter is set differently",
             "compare filter settings; add recordings of this kind to the training set"});
    }
  }

  void level(std::size_t axis, const std::string& name, const std::string& unit) {
    if (tilted_.contains(axis)) return;
    const auto mean = [&](const Profile& profile) { return profile.mean[axis]; };
    const double range = 32768 / sensor_.counts_per_unit(static_cast<std::int32_t>(axis));
    const Usual usual(each(training_, mean), 0.02 * range);
    const double found = mean_of(each(recent_, mean));
    if (usual.allows(found)) return;
    differences_.push_back(
        {Aspect::kLevel, name, found, usual.mean, usual.mean - usual.limit, usual.mean + usual.limit, unit,
         "the mean lies elsewhere", "a model that uses the mean of this axis is misled",
         "calibrate the offset, or take the mean out (detrend, high-pass) and train again"});
  }

  std::string joined(std::size_t first, std::size_t count) const {
    std::string text;
    for (std::size_t at = first; at < first + count; ++at) text += (at == first ? "" : ", ") + names_[at];
    return text;
  }

  Groups training_, recent_;
  project::SensorDescription sensor_;
  std::vector<std::string> names_ = sensor_.axis_names();
  bool other_rate_ = false;
  bool enlarged_ = false;  ///< a scale that explains clipping
  std::set<std::size_t> tilted_;
  std::vector<Difference> differences_;
};

}  // namespace

std::string_view to_string(Aspect aspect) {
  static constexpr std::array kNames = {"rate",  "scale", "orientation", "clipping",
                                        "noise", "level", "strength",    "spectrum"};
  return kNames[static_cast<std::size_t>(aspect)];
}

Result<std::vector<Difference>> compare(std::span<const Recording> training,
                                        std::span<const Recording> recent) {
  if (training.empty() || recent.empty())
    return fail(ErrorKind::kInput,
                fmt::format("{} training and {} new recordings, expected at least one of each",
                            training.size(), recent.size()));
  const auto& sensor = training.front().description.sensor;
  std::set<std::string> known, common;
  for (const auto& recording : training) known.insert(recording.description.label);
  for (const auto* part : {&training, &recent})
    for (const auto& recording : *part)
      if (recording.description.sensor.axis_count() != sensor.axis_count())
        return fail(ErrorKind::kInput,
                    fmt::format("recording '{}' has {} axes, expected {}", recording.description.id,
                                recording.description.sensor.axis_count(), sensor.axis_count()));
  for (const auto& recording : recent)
    if (known.contains(recording.description.label)) common.insert(recording.description.label);
  if (common.empty())
    return fail(ErrorKind::kInput,
                fmt::format("new recordings are of '{}', expected a label of the training set",
                            recent.front().description.label));
  return Comparer(groups_of(training, common), groups_of(recent, common), sensor).run();
}

}  // namespace mote::dataset
