// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "compile/compile.h"
#include "core/error.h"
#include "core/json.h"
#include "dataset/dataset.h"
#include "diagnose/diagnosis.h"
#include "features/features.h"
#include "graph/graph.h"

namespace mote::diagnose {

/// What every stage is run over.
struct HeldOut {
  const dataset::Dataset* dataset = nullptr;
  features::WindowSet windows;  ///< of Part::kTest, normalised as the model was trained
};

/// The trained network, as evaluated by training. `train_facts`: train.json. Errors (kInput): it holds no
/// evaluation.
Result<StageRun> trained_float(const Json& train_facts);

/// The float model, run on the host. Errors (kInput): its input is no window of these features, or it cannot
/// be executed.
Result<StageRun> model_float(const graph::Graph& model, const HeldOut& held_out);

/// The int8 model, run on the host with the device's kernels. Errors: as above.
Result<StageRun> int8_host(const graph::Graph& model, const HeldOut& held_out);

/// The generated code, compiled for and run on this computer; `model` is what it was generated from. Errors:
/// as above; (kUsage) no C++ compiler.
Result<StageRun> int8_generated(const graph::Graph& model, const compile::CompiledModel& compiled,
                                const HeldOut& held_out);

/// What the device said: records of simulate.json. Recordings without a record have no windows.
/// Errors (kInput): a record has no sense.
Result<StageRun> int8_device(const Json& simulate_facts, const HeldOut& held_out);

/// A stage in place of int8_device() that was not run.
StageRun device_not_run(std::string why);

}  // namespace mote::diagnose
