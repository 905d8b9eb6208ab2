// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/npy.h"
#include "recordings/capture.h"
#include "recordings/recording.h"

namespace mote::recordings {

/// Reads a .npy file as one capture: [samples] of a sensor with one axis, or [samples, axes]. Integers are
/// raw counts, floats physical units. Errors (kInput, with the element): as parse_npy(); another shape; more
/// than kMaxFileValues; integers beyond 16 bits; floats that are not finite or beyond kWrongUnitFactor;
/// booleans.
Result<FileContent> read_npy(std::span<const std::uint8_t> bytes, std::string_view where,
                             const project::SensorDescription& sensor);

/// Reads a .npz file: each array as read_npy(), in the order of the archive. Errors: as unzip() and
/// read_npy(); no array, or a file in it that is none.
Result<FileContent> read_npz(std::span<const std::uint8_t> bytes, std::string_view where,
                             const project::SensorDescription& sensor);

/// A recording's raw counts as int16 [samples], or [samples, axes] if there are several axes.
NpyArray to_array(const Recording& recording);

}  // namespace mote::recordings
