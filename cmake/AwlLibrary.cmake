# awl_library(name DEPS lib... LINK target... SOURCES file... TESTS file...)
#
# One folder under src/ = one static library awl_<name> = one namespace awl::<name>.
# DEPS are the libraries of ours that it may include: they are written here once, and the test
# `layering` (tests/layering) fails on an include that is not covered by them.
# TESTS are unit tests beside the code; they become one executable, <name>_test.
function(awl_library name)
  cmake_parse_arguments(ARG "" "" "DEPS;LINK;SOURCES;TESTS;TEST_DEPS" ${ARGN})
  set(target awl_${name})
  add_library(${target} STATIC ${ARG_SOURCES})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  foreach(dep ${ARG_DEPS})
    target_link_libraries(${target} PUBLIC awl_${dep})
  endforeach()
  target_link_libraries(${target} PUBLIC ${ARG_LINK})
  if(name STREQUAL "base")
    target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.h)
  else()
    target_precompile_headers(${target} REUSE_FROM awl_base)
  endif()
  if(AWL_BUILD_TESTS AND ARG_TESTS)
    awl_test_executable(${name}_test SOURCES ${ARG_TESTS} LINK ${target})
    foreach(dep ${ARG_TEST_DEPS})
      target_link_libraries(${name}_test PRIVATE awl_${dep})
    endforeach()
    target_compile_definitions(${name}_test PRIVATE AWL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT 300)
  endif()
endfunction()

# awl_test_executable(name SOURCES file... LINK target...): an executable of GoogleTest's tests.
#
# The code of a test is compiled without optimisation in every preset, and GoogleTest's headers are precompiled with ours:
# tests are half of what is compiled, and take a third of the time that way. What they test is built as the preset says.
function(awl_test_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  if(NOT TARGET awl_test_precompiled)
    file(WRITE ${CMAKE_BINARY_DIR}/test_precompiled.cpp "// Nothing: the target is there for its precompiled header.\n")
    add_library(awl_test_precompiled OBJECT ${CMAKE_BINARY_DIR}/test_precompiled.cpp)
    target_link_libraries(awl_test_precompiled PRIVATE GTest::gmock)
    target_compile_options(awl_test_precompiled PRIVATE -O0 -U_FORTIFY_SOURCE)
    target_precompile_headers(awl_test_precompiled PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.h <gmock/gmock.h> <gtest/gtest.h>)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE -O0 -U_FORTIFY_SOURCE)
  target_precompile_headers(${name} REUSE_FROM awl_test_precompiled)
endfunction()

# awl_embed(target file symbol): makes the text of `file` available as `extern const std::string_view awl::embedded::symbol`.
function(awl_embed target file symbol)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cpp)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${file} -DOUTPUT=${output} -DSYMBOL=${symbol}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${file} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
  target_sources(${target} PRIVATE ${output})
  set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# awl_fuzzer(name source LINK target...): a libFuzzer executable fuzz_<name> in the preset asan, whose objects have the coverage
# that it needs: a preset of its own would compile everything once more. The target `fuzzers` is all of them.
function(awl_fuzzer name source)
  if(AWL_BUILD_FUZZERS)
    cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
    add_executable(fuzz_${name} ${source})
    target_link_libraries(fuzz_${name} PRIVATE ${ARG_LINK})
    target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    if(NOT TARGET fuzzers)
      add_custom_target(fuzzers)
    endif()
    add_dependencies(fuzzers fuzz_${name})
  endif()
endfunction()
