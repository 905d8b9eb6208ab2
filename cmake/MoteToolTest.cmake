# SPDX-License-Identifier: Apache-2.0
# Tests that are commands and need tools which a machine may lack.

# mote_tool_test(<name> TOOLS <programs> LABELS <labels> TIMEOUT <seconds> COMMAND <command...>)
# Each program in TOOLS must be on the PATH when the project is configured. If one is not, the test is skipped and says
# what is missing; with MOTE_REQUIRE=all in the environment it fails instead.
function(mote_tool_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "TOOLS;LABELS;COMMAND" ${ARGN})
  set(missing "")
  foreach(tool IN LISTS ARG_TOOLS)
    string(MAKE_C_IDENTIFIER "MOTE_TOOL_${tool}" variable)
    find_program(${variable} "${tool}")
    mark_as_advanced(${variable})
    if(NOT ${variable})
      string(APPEND missing " ${tool}")
    endif()
  endforeach()
  if(missing)
    set(ARG_COMMAND ${CMAKE_COMMAND} "-DMISSING=${missing}" -P "${PROJECT_SOURCE_DIR}/cmake/MoteMissingTool.cmake")
  endif()
  add_test(NAME ${name} COMMAND ${ARG_COMMAND})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
                       SKIP_REGULAR_EXPRESSION "skipped, missing:")
endfunction()
