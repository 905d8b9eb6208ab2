// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "report/html.h"

namespace mote::report {

/// The page's style sheet, as an element.
Html style_sheet();

}  // namespace mote::report
