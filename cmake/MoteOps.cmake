# SPDX-License-Identifier: Apache-2.0
# Operators are a folder each, and a small file for each aspect; an aspect of all operators is one library.

# The names in ops.def, into mote_operators.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ops.def)
file(STRINGS ops.def mote_operators REGEX "^MOTE_OP\\(")
list(TRANSFORM mote_operators REPLACE "^MOTE_OP\\(([a-z0-9_]+)\\).*" "\\1")

# mote_ops_files(<variable> <file>) - the paths <operator>/<file> that exist; refuses a folder that is not in ops.def.
function(mote_ops_files variable file)
  file(GLOB found CONFIGURE_DEPENDS RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" "*/${file}")
  foreach(path IN LISTS found)
    get_filename_component(operator "${path}" DIRECTORY)
    if(NOT operator IN_LIST mote_operators)
      message(FATAL_ERROR "host/ops/${path}: operator '${operator}' is not in host/ops/ops.def")
    endif()
  endforeach()
  set(${variable} ${found} PARENT_SCOPE)
endfunction()

# mote_ops_aspect(<aspect> SOURCES <shared files> LIBRARIES <libs> TEST_LIBRARIES <libs>)
# The library mote_ops_<aspect> from <aspect>.cpp and every <operator>/<aspect>.cpp, and the generated list
# "ops_<aspect>.def" of the operators that have that file; the test program from <aspect>_test.cpp and
# <operator>/<aspect>_test.cpp.
function(mote_ops_aspect aspect)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  set(target mote_ops_${aspect})
  mote_ops_files(sources ${aspect}.cpp)
  set(present "// Generated: the operators with the aspect '${aspect}'.\n")
  foreach(path IN LISTS sources)
    get_filename_component(operator "${path}" DIRECTORY)
    string(APPEND present "MOTE_OP(${operator})\n")
  endforeach()
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/generated/${aspect}")
  file(CONFIGURE OUTPUT "${generated}/ops_${aspect}.def" CONTENT "${present}" @ONLY)

  add_library(${target} STATIC ${aspect}.cpp ${ARG_SOURCES} ${sources})
  target_include_directories(${target} PRIVATE "${generated}")
  target_link_libraries(${target} PUBLIC mote_ops ${ARG_LIBRARIES} PRIVATE mote_host_settings)
  # Many small files that include the same large headers; each has a namespace of its own.
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
  mote_reuse_headers(${target} mote_core)
  mote_ops_files(tests ${aspect}_test.cpp)
  if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${aspect}_test.cpp")
    list(PREPEND tests ${aspect}_test.cpp)
  endif()
  if(tests)
    mote_test(${target}_test SOURCES ${tests} LIBRARIES ${target} ${ARG_TEST_LIBRARIES})
  endif()
endfunction()
