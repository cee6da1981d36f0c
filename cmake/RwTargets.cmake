# rw_library, rw_program, and one function for each kind of test.

# Splits LINKS: our own libraries show through, foreign ones stay behind their door.
function(rw_link target)
  foreach(library IN LISTS ARGN)
    if(library MATCHES "^rw_dep_")
      target_link_libraries(${target} PRIVATE ${library})
    else()
      target_link_libraries(${target} PUBLIC ${library})
    endif()
  endforeach()
endfunction()

# rw_library(NAME SOURCES file... LINKS library...): a static library. The header beside each
# source joins by itself; list a header only where it has no source. No sources: an empty target.
function(rw_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
  if(NOT arg_SOURCES)
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE "${CMAKE_SOURCE_DIR}")
    foreach(library IN LISTS arg_LINKS)
      if(NOT library MATCHES "^rw_dep_")
        target_link_libraries(${name} INTERFACE ${library})
      endif()
    endforeach()
    return()
  endif()

  set(headers)
  set(sources)
  foreach(file IN LISTS arg_SOURCES)
    if(file MATCHES "\\.h$")
      list(APPEND headers "${file}")
      continue()
    endif()
    list(APPEND sources "${file}")
    string(REGEX REPLACE "\\.(c|cpp)$" ".h" header "${file}")
    if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${header}")
      list(APPEND headers "${header}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES headers)

  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PRIVATE rw_warnings)
    target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
    rw_link(${name} ${arg_LINKS})
    set(scope PUBLIC)
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE "${CMAKE_SOURCE_DIR}")
    target_link_libraries(${name} INTERFACE ${arg_LINKS})
    set(scope INTERFACE)
  endif()
  if(headers)
    target_sources(${name} ${scope}
      FILE_SET HEADERS BASE_DIRS "${CMAKE_SOURCE_DIR}" FILES ${headers})
  endif()
endfunction()

# rw_module(NAME SOURCES file... LINKS library...): lib/rolwacht/NAME.so beside bin/, loaded while a
# program runs.
function(rw_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
  add_library(rw_${name}_module MODULE ${arg_SOURCES})
  set_target_properties(rw_${name}_module PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib/rolwacht")
  target_include_directories(rw_${name}_module PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(rw_${name}_module PRIVATE rw_warnings ${arg_LINKS})
  install(TARGETS rw_${name}_module LIBRARY DESTINATION lib/rolwacht)
endfunction()

# rw_program(NAME SOURCES file... LINKS library...): a program in <build>/bin/.
function(rw_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_compile_definitions(${name} PRIVATE RW_VERSION="${PROJECT_VERSION}")
  target_link_libraries(${name} PRIVATE rw_warnings ${arg_LINKS})
  if(name MATCHES "^rolwacht") # those that only make input for tests stay here
    install(TARGETS ${name} RUNTIME DESTINATION bin)
  endif()
endfunction()

# Tests that take long, the longest first: they begin in this order, so that none runs on alone at
# the end, and those that mostly wait run beside those that compute.
set(RW_LONG_TESTS
  test_photographs api_line api_probe stream rtsp watch e2e_demo e2e_console failures_killed api_night
  cases_data api_sign_in api_exits safety_findings cameras api_silent api_checkpoints
  api_database_stopped test_private_cluster api_killed api_restored property_plan api_certificates
  api_supervised api_clock api_centre safety_verify api_changes test_proof_memory test_proof test_pool
  golden_labels test_inspect
  test_decode api_escalation api_signing_keys api_journal_file api_paused lint_clashes peer_symbols)

# What every test may count on: the root as working folder and these variables.
function(rw_test_settings name)
  list(FIND RW_LONG_TESTS ${name} place)
  if(place GREATER -1)
    math(EXPR cost "1000 - ${place}") # more than the seconds that an earlier run has noted
    set_tests_properties(${name} PROPERTIES COST ${cost})
  endif()
  set_tests_properties(${name} PROPERTIES
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
    SKIP_RETURN_CODE 77
    TIMEOUT 900)
  set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT
    "ROLWACHT_ROOT=${CMAKE_SOURCE_DIR}"
    "ROLWACHT_BUILD=${CMAKE_BINARY_DIR}"
    "ROLWACHT_BIN=${CMAKE_BINARY_DIR}/bin"
    "PYTHONPATH=${CMAKE_SOURCE_DIR}/tests/support" "PYTHONDONTWRITEBYTECODE=1"
    "ASAN_OPTIONS=detect_stack_use_after_return=1:allocator_may_return_null=1"
    "UBSAN_OPTIONS=print_stacktrace=1"
    "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0"
    "TZ=UTC" "LC_ALL=C.UTF-8")
endfunction()

# rw_unit_test(NAME [SOURCES file...] library...): a cmocka program. NAME.c is its source unless
# SOURCES names others; whatever is no source file is a library.
function(rw_unit_test name)
  set(sources)
  set(libraries)
  foreach(word IN LISTS ARGN)
    if(word MATCHES "\\.(c|cpp)$")
      list(APPEND sources "${word}")
    elseif(NOT word MATCHES "^(SOURCES|LINKS|LIBS)$")
      list(APPEND libraries "${word}")
    endif()
  endforeach()
  if(NOT sources)
    set(sources "${name}.c")
  endif()
  add_executable(${name} ${sources})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/test-bin")
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE rw_warnings ${libraries} rw_test_fixture rw_dep_cmocka)
  add_test(NAME ${name} COMMAND ${name})
  rw_test_settings(${name})
endfunction()

# rw_test_program(NAME SOURCES file... LINKS library...): a program that tests run, in test-bin/.
function(rw_test_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/test-bin")
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE rw_warnings ${arg_LINKS})
endfunction()

# rw_script_test(NAME COMMAND word...): a test that is a script; exit 77 means skipped.
function(rw_script_test name)
  cmake_parse_arguments(arg "" "" "COMMAND" ${ARGN})
  add_test(NAME ${name} COMMAND ${arg_COMMAND})
  rw_test_settings(${name})
endfunction()

# rw_fuzz_target(NAME SOURCES file... LINKS library... [CORPUS folder]): the source defines
# LLVMFuzzerTestOneInput. The fuzz preset links libFuzzer; elsewhere the corpus is replayed.
function(rw_fuzz_target name)
  cmake_parse_arguments(arg "" "CORPUS" "SOURCES;LINKS" ${ARGN})
  if(NOT arg_SOURCES)
    set(arg_SOURCES "${name}.c")
  endif()
  if(NOT arg_CORPUS)
    set(arg_CORPUS "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name}")
  endif()
  if(NOT RW_FUZZ)
    list(APPEND arg_SOURCES "${CMAKE_SOURCE_DIR}/tests/fuzz/replay.c")
  endif()
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/test-bin")
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE rw_warnings ${arg_LINKS})
  if(RW_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    add_test(NAME ${name} COMMAND ${name} -runs=0 "${arg_CORPUS}")
  else()
    add_test(NAME ${name} COMMAND ${name} "${arg_CORPUS}")
  endif()
  rw_test_settings(${name})
endfunction()

# rw_bench(NAME SOURCES file... LINKS library...): a benchmark, built by the target "bench" alone.
add_custom_target(bench)
function(rw_bench name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
  if(NOT arg_SOURCES)
    set(arg_SOURCES "${name}.c")
  endif()
  add_executable(${name} EXCLUDE_FROM_ALL ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bench-bin")
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE rw_warnings ${arg_LINKS})
  add_dependencies(bench ${name})
endfunction()
