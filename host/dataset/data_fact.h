// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "core/error.h"
#include "core/facts.h"
#include "dataset/dataset.h"
#include "project/project.h"

namespace mote::dataset {

inline const FactSchema kDataSchema{"data", 1};

/// The facts of `mote data`: recordings with their parts, balance, one typical window a label (training part
/// only), warnings.
Json data_facts(const Dataset& dataset, const project::Project& project, bool no_background);

/// What a person should look at before training: rates off by more than 1 %, clipping, imbalance, labels
/// missing from a part, recordings shorter than a window.
std::vector<std::string> warnings(const Dataset& dataset, const project::Project& project);

/// Writes run/data.json, made from mote.toml and every file of the recordings.
Result<void> write_data_fact(const project::Project& project, const Dataset& dataset, const Json& facts);

/// The facts of `mote data`, for the stages after it. Errors: as read_fact(); kFinding if recordings were
/// added since, or if there is no background class and nobody said --no-background.
Result<Json> require_data(const project::Project& project);

}  // namespace mote::dataset
