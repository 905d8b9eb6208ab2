// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mote::features {

/// Type of the values that flow between blocks.
enum class Element : std::uint8_t { kInt16, kInt32, kUint32 };

/// The name of the type in C++: "int16_t".
std::string_view to_string(Element element);
/// Bytes of one value.
std::int32_t bytes_of(Element element);

/// A stream of frames between two blocks, and what its values mean.
struct Signal {
  Element element = Element::kInt16;
  std::int32_t rows = 1;       ///< of a frame [rows][columns]: samples of a window, channels of a spectrum
  std::int32_t columns = 1;    ///< channels of a sample, bins of a spectrum
  double frames_hz = 0;        ///< frames per second
  double sample_hz = 0;        ///< samples per second along the rows of a window; 0: the rows are no samples
  double bin_hz = 0;           ///< between the columns of a spectrum; 0: the columns are no bins
  std::int32_t first_bin = 0;  ///< of the transform, that the first column of a spectrum is
  std::int32_t fft_size = 0;   ///< of the transform that made a spectrum
  double step = 1;             ///< a value in `unit` is the integer times this
  std::string unit;            ///< "g", "dB", ...; "mixed" if channels differ, empty if dimensionless
  std::vector<std::string> channels;  ///< names of the sensor's axes, as far as they are still apart

  std::int32_t values() const { return rows * columns; }
  std::int32_t bytes() const { return values() * bytes_of(element); }
};

}  // namespace mote::features
