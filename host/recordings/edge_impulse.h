// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "recordings/capture.h"
#include "recordings/recording.h"

namespace mote::recordings {

/// The two spellings of Edge Impulse's data acquisition format.
enum class AcquisitionForm : std::uint8_t { kJson, kCbor };

/// Reads a file of Edge Impulse's data acquisition format. Sensors are found by the names of the project's
/// axes, or `columns` (names, or numbers from 1) tells them; the one sensor of a file is that of the one
/// axis. Values in another unit of the same quantity are converted; `wav` are raw counts; an unknown unit is
/// taken for the project's, which a note says.
///
/// `hmac_key` not empty: the signature must be there and right. Errors (kInput, with the field): not JSON or
/// CBOR, fields that are absent or of another type, an interval that is no time, rows of another length, a
/// value that is no finite number or beyond kWrongUnitFactor, a unit of another quantity, a sensor that is
/// not there, a signature that is wrong or missing. Source: Edge Impulse, "Data acquisition format".
Result<FileContent> read_acquisition(std::string_view bytes, AcquisitionForm form, std::string_view where,
                                     const project::SensorDescription& sensor,
                                     const std::vector<std::string>& columns, const std::string& hmac_key);

/// A recording in that format, signed with `hmac_key` unless that is empty. One axis of a microphone is
/// written as raw counts (`wav`), all else in physical units.
std::string to_acquisition(const Recording& recording, AcquisitionForm form, const std::string& hmac_key);

}  // namespace mote::recordings
