# SPDX-License-Identifier: Apache-2.0
# What a test runs in its place when a tool that it needs is missing.
if("$ENV{MOTE_REQUIRE}" STREQUAL "all")
  message(FATAL_ERROR "required but missing:${MISSING}")
endif()
message("skipped, missing:${MISSING}")
