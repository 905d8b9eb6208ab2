# SPDX-License-Identifier: Apache-2.0
# Host-side compile settings and the one function that declares a pipeline stage.

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG" CACHE STRING "" FORCE)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
find_program(MOTE_CCACHE ccache)
if(MOTE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${MOTE_CCACHE}")
endif()

# Tests are compiled far more often than they are run.
add_library(mote_test_settings INTERFACE)
target_compile_options(mote_test_settings INTERFACE -O1)

# Settings that every host target shares.
add_library(mote_host_settings INTERFACE)
target_compile_features(mote_host_settings INTERFACE cxx_std_23)
# No contraction: host results may not depend on whether the machine has fused multiply-add.
target_compile_options(mote_host_settings INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wundef -ffp-contract=off)
if(MOTE_DEVELOPER)
  target_compile_options(mote_host_settings INTERFACE -Werror)
endif()
if(MOTE_SANITIZE)
  # One build for unit tests and for fuzzing: what libFuzzer asks for does not disturb the tests.
  target_compile_options(mote_host_settings INTERFACE -O1 -g1 -fsanitize=fuzzer-no-link,address,undefined
                         -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(mote_host_settings INTERFACE -fsanitize=address,undefined)
endif()

# mote_include_root(<target> <name> <directory> [PRIVATE|PUBLIC|INTERFACE])
# Gives <target> an include root in the build tree that holds one entry, <name> -> <directory>, so that
# "<name>/<file>.h" is found only by targets that link it.
function(mote_include_root target name directory)
  set(scope PUBLIC)
  if(ARGC GREATER 3)
    set(scope ${ARGV3})
  endif()
  set(root "${PROJECT_BINARY_DIR}/include-roots/${target}")
  file(MAKE_DIRECTORY "${root}")
  file(CREATE_LINK "${directory}" "${root}/${name}" SYMBOLIC)
  target_include_directories(${target} ${scope} "${root}")
endfunction()

# Parsing GoogleTest and the libraries' headers takes most of the time of a build; it is done once for all tests and
# once for all stages. MOTE_PRECOMPILE=OFF shows includes that are missing.
option(MOTE_PRECOMPILE "Precompile the headers of libraries" ON)
function(mote_reuse_headers target from)
  if(MOTE_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()

# mote_test(<target> SOURCES <files> LIBRARIES <libs>) - a GoogleTest program, one CTest entry per test.
add_custom_target(mote_unit_tests COMMENT "Unit test programs")
function(mote_test target)
  if(NOT MOTE_DEVELOPER)
    return()
  endif()
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LIBRARIES;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE ${ARG_LIBRARIES} mote_test_support GTest::gtest GTest::gmock
                                          GTest::gtest_main mote_host_settings mote_test_settings)
  mote_reuse_headers(${target} mote_test_headers)
  if("unit" IN_LIST ARG_LABELS)
    add_dependencies(mote_unit_tests ${target})
  endif()
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST TEST_PREFIX "${target}."
    PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
               SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]")
endfunction()

# mote_stage(<name> SOURCES <files> DEPENDS <stages> LIBRARIES <libs> TESTS <files> TEST_LIBRARIES <libs>
#            TEST_TIMEOUT <seconds> PRECOMPILE <headers>)
# Declares the static library mote_<name> of the folder it is called in, and its test program. PRECOMPILE: headers that
# most of its files include, instead of those that all stages share.
function(mote_stage name)
  cmake_parse_arguments(ARG "" "TEST_TIMEOUT" "SOURCES;DEPENDS;LIBRARIES;TESTS;TEST_LIBRARIES;PRECOMPILE" ${ARGN})
  set(target mote_${name})
  add_library(${target} STATIC ${ARG_SOURCES})
  mote_include_root(${target} ${name} "${CMAKE_CURRENT_SOURCE_DIR}")
  set(ARG_DEPENDS_NAMES ${ARG_DEPENDS})
  list(TRANSFORM ARG_DEPENDS PREPEND mote_)
  target_link_libraries(${target} PUBLIC ${ARG_DEPENDS} ${ARG_LIBRARIES} PRIVATE mote_host_settings)
  target_compile_features(${target} PUBLIC cxx_std_23)
  if(ARG_PRECOMPILE AND MOTE_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${ARG_PRECOMPILE})
  elseif("core" IN_LIST ARG_DEPENDS_NAMES)
    mote_reuse_headers(${target} mote_core)
  endif()
  if(ARG_TESTS)
    mote_test(${target}_test SOURCES ${ARG_TESTS} LIBRARIES ${target} ${ARG_TEST_LIBRARIES}
              TIMEOUT ${ARG_TEST_TIMEOUT})
  endif()
endfunction()
