// SPDX-License-Identifier: Apache-2.0
#pragma once

// The library sets 4 g and 2000 degrees per second.
#include "stand_in_imu.h"

#define STAND_IN_RATE_HZ 99.84f
