# SPDX-License-Identifier: Apache-2.0
# The device library includes itself, <stdint.h> and <stddef.h>, and nothing else; core/mve.h Arm's intrinsics too.
# cmake -DINCLUDE_ROOT=<dir> -P check_includes.cmake
file(GLOB_RECURSE files "${INCLUDE_ROOT}/*")
set(found 0)
foreach(file IN LISTS files)
  file(STRINGS "${file}" includes REGEX "^[ \t]*#[ \t]*include")
  foreach(include IN LISTS includes)
    math(EXPR found "${found} + 1")
    if(file MATCHES "core/mve\\.h$" AND include STREQUAL "#include <arm_mve.h>")
      continue()  # which exists where its operations are instructions
    endif()
    if(NOT include MATCHES "^#include (<stdint\\.h>|<stddef\\.h>|\"mote/[a-z0-9_/]+\\.(h|def)\")")
      message(SEND_ERROR "${file}: ${include}")
    endif()
  endforeach()
endforeach()
if(found LESS 10)
  message(FATAL_ERROR "found only ${found} includes under ${INCLUDE_ROOT}")
endif()
