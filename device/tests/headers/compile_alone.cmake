# SPDX-License-Identifier: Apache-2.0
# Compiles each device header as the only one of a program.
# cmake -DINCLUDE_ROOT=<dir> -DWORK=<dir> -DCOMPILER=<program> "-DFLAGS=<separated by |>" -P compile_alone.cmake
string(REPLACE "|" ";" FLAGS "${FLAGS}")
file(GLOB_RECURSE headers RELATIVE "${INCLUDE_ROOT}" "${INCLUDE_ROOT}/*.h")
file(REMOVE_RECURSE "${WORK}")
foreach(header IN LISTS headers)
  string(MAKE_C_IDENTIFIER "${header}" name)
  # Twice, so that the guard is tried too.
  file(WRITE "${WORK}/${name}.cpp" "#include \"${header}\"\n#include \"${header}\"\n")
  list(APPEND sources "${name}.cpp")
endforeach()
list(LENGTH sources count)
if(count LESS 10)
  message(FATAL_ERROR "found only ${count} headers under ${INCLUDE_ROOT}")
endif()
execute_process(COMMAND ${COMPILER} ${FLAGS} "-I${INCLUDE_ROOT}" -fsyntax-only ${sources}
                WORKING_DIRECTORY "${WORK}" RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${COMPILER} refused a header: ${FLAGS}")
endif()
message("${count} headers")
