// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace mote {

/// An array as NumPy stores it in a .npy file.
struct NpyArray {
  char kind = 'f';                  ///< 'f' float, 'i' signed, 'u' unsigned, 'b' bool
  std::int32_t item_bytes = 8;      ///< 1, 2, 4 or 8; 'f' 4 or 8; 'b' 1
  std::vector<std::int64_t> shape;  ///< empty for a scalar
  std::vector<std::uint8_t> data;   ///< little endian, the last axis fastest

  std::int64_t element_count() const;
  bool operator==(const NpyArray&) const = default;
};

/// A one-dimensional array of doubles.
NpyArray npy_vector(std::span<const double> items);

/// The elements of an array of any kind as doubles (64-bit integers beyond 2^53 are rounded).
std::vector<double> npy_doubles(const NpyArray& array);

/// The bytes of a .npy file, format version 1.0 (NumPy enhancement proposal 1, numpy/lib/format.py).
std::vector<std::uint8_t> to_npy(const NpyArray& array);

/// Parses a .npy file of version 1, 2 or 3, of either byte order and either axis order. Errors (kInput, with
/// `where`): no .npy file, damaged header, a type outside NpyArray's, more than 32 axes, a length that is not
/// the shape's.
Result<NpyArray> parse_npy(std::span<const std::uint8_t> bytes, std::string_view where);

}  // namespace mote
