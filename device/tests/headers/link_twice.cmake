# SPDX-License-Identifier: Apache-2.0
# Includes every device header in two translation units of one program.
# cmake -DINCLUDE_ROOT=<dir> -DWORK=<dir> -DCOMPILER=<program> "-DFLAGS=<separated by |>" -P link_twice.cmake
string(REPLACE "|" ";" FLAGS "${FLAGS}")
file(GLOB_RECURSE headers RELATIVE "${INCLUDE_ROOT}" "${INCLUDE_ROOT}/*.h")
file(REMOVE_RECURSE "${WORK}")
set(text "")
foreach(header IN LISTS headers)
  string(APPEND text "#include \"${header}\"\n")
endforeach()
file(WRITE "${WORK}/first.cpp" "${text}")
file(WRITE "${WORK}/second.cpp" "${text}")
execute_process(COMMAND ${COMPILER} ${FLAGS} "-I${INCLUDE_ROOT}" -shared -fPIC first.cpp second.cpp -o program.so
                WORKING_DIRECTORY "${WORK}" RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "two translation units with every header do not make a program: ${COMPILER} ${FLAGS}")
endif()
