// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "core/error.h"
#include "core/facts.h"
#include "dataset/dataset.h"
#include "features/features.h"
#include "project/project.h"

namespace mote::features {

inline const FactSchema kFeaturesSchema{"features", 1};

/// The facts of `mote features`: blocks, sizes, and for each label pictures of a typical training recording.
Json feature_facts(const Features& features, const dataset::Dataset& dataset,
                   const project::Project& project);

/// Writes run/features.json, made from mote.toml and what `mote data` left.
Result<void> write_features_fact(const project::Project& project, const Json& facts);

}  // namespace mote::features
