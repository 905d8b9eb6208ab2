// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Arduino_BMI270_BMM150.h>

#include "board_config.h"
#include "imu.h"

using BoardSensor = imu::Sensor<board_config::Sensor>;
