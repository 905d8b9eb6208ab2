// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/evidence.h"
#include "core/json.h"

namespace mote::check {

/// What became of an item.
enum class Status {
  kPass,
  kFail,
  kManual,         ///< a person has to do it and sign it off
  kNotEnoughData,  ///< the recordings cannot support a claim either way
};

/// "pass", "fail", "manual", "not enough data".
std::string_view to_string(Status status);

/// One entry of signoff.toml.
struct SignOff {
  std::string name;     ///< who
  std::string date;     ///< when, YYYY-MM-DD
  std::string version;  ///< of the model that it was done with
};

/// Everything that the items may look at.
struct Facts {
  Evidence evidence;
  std::string firmware_readme;  ///< the text that comes with the firmware; empty if there is none
  std::optional<SignOff> supply_voltage;
  std::optional<Error> sign_off_problem;  ///< why signoff.toml cannot be read

  /// The facts of a stage as they stand, stale or not. Throws MissingFact; only for use inside Item::find.
  const Json& of(std::string_view stage) const;
};

/// Thrown by Facts::of() and caught by judge().
struct MissingFact {
  Error error;
};

struct Finding {
  Status status = Status::kFail;
  std::string evidence;  ///< the numbers or names that led to it, for people
  std::string fix = {};  ///< what to do; empty: the item's own `fix`
};

/// One item of the deployment checklist.
struct Item {
  const char* id;     ///< lower case with hyphens
  const char* title;  ///< a statement that holds if the item passes
  const char* why;    ///< what goes wrong in a product otherwise
  const char* fix;    ///< what to do if it fails
  /// Judges. Pure. A field that is absent or of the wrong type throws, and judge() says which stage to
  /// repeat.
  Finding (*find)(const Facts& facts);
};

/// The item passes if `holds`.
inline Finding pass_if(bool holds, std::string evidence) {
  return {holds ? Status::kPass : Status::kFail, std::move(evidence)};
}

#define MOTE_CHECK_ITEM(name) extern const Item name;
namespace items_list {
#include "check/items.def"
}
#undef MOTE_CHECK_ITEM

}  // namespace mote::check
