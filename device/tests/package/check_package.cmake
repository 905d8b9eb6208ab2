# SPDX-License-Identifier: Apache-2.0
# Configures this source tree without the host part, installs it into a fresh prefix, and builds and runs a project that
# finds it there.
# cmake -DSOURCE=<dir> -DWORK=<dir> -DVERSION=<version> -P check_package.cmake
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE "${WORK}")
run(${CMAKE_COMMAND} -S "${SOURCE}" -B "${WORK}/build" -DMOTE_BUILD_HOST=OFF -DMOTE_DEVELOPER=OFF)
run(${CMAKE_COMMAND} --install "${WORK}/build" --prefix "${WORK}/prefix")
run(${CMAKE_COMMAND} -S "${SOURCE}/device/tests/package" -B "${WORK}/consumer"
    "-DCMAKE_PREFIX_PATH=${WORK}/prefix" "-DEXPECTED_VERSION=${VERSION}")
run(${CMAKE_COMMAND} --build "${WORK}/consumer")
run("${WORK}/consumer/consumer")
