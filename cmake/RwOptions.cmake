# Language standards, warnings, sanitizers and the places where programs land.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

set(RW_SANITIZE "" CACHE STRING "Sanitizers, as the compiler's -fsanitize= wants them")
option(RW_COVERAGE "Count the lines that run" OFF)
option(RW_TESTS "Build the tests" ON)
option(RW_FUZZ "Build fuzz targets with libFuzzer in place of the replaying driver" OFF)

# Assertions stay on in every build, so NDEBUG is never defined.
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")

find_program(RW_CCACHE ccache)
if(RW_CCACHE AND NOT RW_COVERAGE)
  set(CMAKE_C_COMPILER_LAUNCHER "${RW_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${RW_CCACHE}")
endif()

add_library(rw_warnings INTERFACE)
target_compile_options(rw_warnings INTERFACE
  -Wall -Wextra -Wpedantic
  -Wshadow -Wconversion -Wno-sign-conversion
  -Wvla -Wformat=2 -Wswitch -Wundef -Wpointer-arith -Wcast-qual -Wwrite-strings
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
  $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
  $<$<COMPILE_LANGUAGE:C>:-Wold-style-definition>)

if(RW_SANITIZE)
  add_compile_options(-fsanitize=${RW_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${RW_SANITIZE})
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND RW_SANITIZE MATCHES "undefined")
    # The shared one has six MiB of zeroes, which the search for leaks reads at the end of each run.
    add_link_options(-static-libubsan)
  endif()
else()
  add_compile_options($<$<CONFIG:Release>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>
    -fstack-protector-strong)
endif()
if(RW_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
if(RW_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Each program names only the libraries it uses itself.
add_link_options(-Wl,--as-needed -Wl,-z,relro -Wl,-z,now)
