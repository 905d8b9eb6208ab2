// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a block of a signal pipeline is. A block turns a stream of frames (a fixed number of values each: a
// sample of all axes, a window, a spectrum) into a stream of frames. Pipelines are blocks one behind the
// other; the host runs the same block with parameters that it reads from the project file, the device with
// constants.
//
// A block is a plain value of parameters, a literal type without constructors, whose tables are Flash<T>:
//
//   struct Example {
//     using Input = int16_t;    // element of an input frame: int16_t, int32_t or uint32_t
//     using Output = uint32_t;  // element of an output frame
//
//     int32_t channels;         // the parameters, in the order in which generated code lists them
//     Flash<int16_t> table;
//
//     constexpr int32_t inputs() const;         // values of an input frame
//     constexpr int32_t outputs() const;        // values of an output frame
//     constexpr int32_t frame() const;          // input frames that the first output frame needs
//     constexpr int32_t hop() const;            // input frames from one output frame to the next, 1 ...
//     frame() constexpr int32_t state_bytes() const;    // kept from push() to push(); 0: none constexpr
//     int32_t scratch_bytes() const;  // needed during push() alone; 0: none static constexpr bool kInPlace;
//     // whether `output` may be `input`'s memory, from its start
//
//     void restart(void* state) const;          // before the first push(), and behind a gap
//     bool push(const Input* input, Output* output, void* state, void* scratch) const;
//   };
//
// push() takes one frame and returns whether it has written one. `state` and `scratch` are the caller's,
// aligned to 8 bytes; `input` and `output` to 4. No block overlaps `input` and `output` in another way than
// kInPlace says. What its values mean (unit, range, fraction bits), its formula and its error against a
// 64-bit float reference stand at each block; a parameter that could overflow is refused on the host, by
// valid() of the block.

#include <stdint.h>

namespace mote {
namespace dsp {

/// Memory of a block, from its start or `offset_bytes` on, as elements of T.
template <class T>
T* part_of(void* memory, int32_t offset_bytes = 0) {
  return reinterpret_cast<T*>(static_cast<uint8_t*>(memory) + offset_bytes);
}

}  // namespace dsp
}  // namespace mote
