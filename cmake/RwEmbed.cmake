# Puts files into the program: rw_embed(OUT symbol file...) writes OUT, a C source that defines
# `const struct rw_embedded SYMBOL[]`, ended by a row without a name (core/base/embedded.h).
# Run as a script with -DOUT -DSYMBOL -DFILES it does the writing itself.

if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(RW_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")
  function(rw_embed out symbol)
    set(paths)
    foreach(file IN LISTS ARGN)
      list(APPEND paths "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    endforeach()
    add_custom_command(OUTPUT "${out}"
      COMMAND "${CMAKE_COMMAND}" "-DOUT=${out}" "-DSYMBOL=${symbol}" "-DFILES=${paths}"
              -P "${RW_EMBED_SCRIPT}"
      DEPENDS ${paths} "${RW_EMBED_SCRIPT}" VERBATIM)
  endfunction()
  return()
endif()

set(arrays "")
set(rows "")
set(number 0)
foreach(path IN LISTS FILES)
  get_filename_component(name "${path}" NAME)
  file(READ "${path}" hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR length "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
  string(APPEND arrays "static const unsigned char file_${number}[] = {\n${bytes}0\n};\n")
  string(APPEND rows "    { \"${name}\", (const char *)file_${number}, ${length} },\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUT}" "/* Made by cmake/RwEmbed.cmake. */
#include \"core/base/embedded.h\"

${arrays}
extern const struct rw_embedded ${SYMBOL}[];
const struct rw_embedded ${SYMBOL}[] = {
${rows}    { (const char *)0, (const char *)0, 0 },
};
")
