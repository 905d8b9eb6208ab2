// SPDX-License-Identifier: Apache-2.0
#pragma once

// The version of the device library, and the macros that its functions are declared with.

#define MOTE_VERSION_MAJOR 0
#define MOTE_VERSION_MINOR 1
#define MOTE_VERSION_PATCH 0

/// Every kernel is inlined where it is called, so that a shape passed as a constant folds into its loops. Who
/// wants one shared instance wraps the call in a function of his own.
#define MOTE_INLINE inline __attribute__((always_inline))

/// What the layers of a model share whatever their shapes are: one copy in the image.
#define MOTE_SHARED inline __attribute__((noinline))
