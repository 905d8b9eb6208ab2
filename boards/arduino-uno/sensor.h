// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "analogue.h"
#include "board_config.h"

using BoardSensor = analogue::Accelerometer<board_config::Sensor, board_config::kClockHz>;
