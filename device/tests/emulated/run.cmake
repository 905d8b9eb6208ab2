# SPDX-License-Identifier: Apache-2.0
# Generates the cases, builds the image and runs it in its emulator; succeeds when the image says "passed".
# cmake -DGENERATOR=<program> "-DCASES=<count|inputs>" -DCOMPILER=<program> "-DFLAGS=<flags>" "-DSOURCES=<files>"
#       "-DLIBRARIES=<library>" "-DEMULATOR=<command, the image is appended>" -DWORK=<dir> -P run.cmake
# Lists are separated by |. CASES 0|0: none.
foreach(list IN ITEMS CASES FLAGS SOURCES EMULATOR)
  string(REPLACE "|" ";" ${list} "${${list}}")
endforeach()
file(MAKE_DIRECTORY "${WORK}")
if(NOT CASES STREQUAL "0;0")
  execute_process(COMMAND "${GENERATOR}" ${CASES} OUTPUT_FILE "${WORK}/cases.h" COMMAND_ERROR_IS_FATAL ANY)
endif()
execute_process(COMMAND ${COMPILER} ${FLAGS} "-I${WORK}" ${SOURCES} ${LIBRARIES} -o "${WORK}/image.elf"
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${EMULATOR} "${WORK}/image.elf" TIMEOUT 100 RESULT_VARIABLE result
                OUTPUT_VARIABLE output ERROR_VARIABLE output)
message("${output}")
if(NOT result EQUAL 0 OR NOT output MATCHES "passed [1-9][0-9]* runs")
  message(FATAL_ERROR "the image failed (${result})")
endif()
