# One target rw_dep_NAME for each foreign library; only its door file's library links it.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# rw_pkg_dependency(NAME MODULE...): a library that pkg-config knows.
function(rw_pkg_dependency name)
  pkg_check_modules(RW_PC_${name} REQUIRED IMPORTED_TARGET ${ARGN})
  add_library(rw_dep_${name} INTERFACE)
  target_link_libraries(rw_dep_${name} INTERFACE PkgConfig::RW_PC_${name})
endfunction()

# rw_found_dependency(NAME HEADER LIBRARY... [HINTS folder...]): a library without a .pc file.
function(rw_found_dependency name header)
  cmake_parse_arguments(arg "" "" "HINTS" ${ARGN})
  find_path(RW_INCLUDE_${name} "${header}" HINTS ${arg_HINTS} REQUIRED)
  add_library(rw_dep_${name} INTERFACE)
  target_include_directories(rw_dep_${name} SYSTEM INTERFACE "${RW_INCLUDE_${name}}")
  foreach(library IN LISTS arg_UNPARSED_ARGUMENTS)
    find_library(RW_LIBRARY_${library} "${library}" REQUIRED)
    target_link_libraries(rw_dep_${name} INTERFACE "${RW_LIBRARY_${library}}")
  endforeach()
endfunction()

rw_pkg_dependency(rapidjson RapidJSON)
rw_pkg_dependency(jansson jansson)
rw_pkg_dependency(xml libxml-2.0)
rw_pkg_dependency(icu icu-i18n icu-uc)
rw_pkg_dependency(sodium libsodium)
rw_pkg_dependency(nettle nettle)
rw_pkg_dependency(curl libcurl)
rw_pkg_dependency(gnutls gnutls)
rw_pkg_dependency(zlib zlib)
rw_pkg_dependency(png libpng)
rw_pkg_dependency(jpeg libjpeg)
rw_pkg_dependency(tiff libtiff-4)
rw_pkg_dependency(webp libwebp)
rw_pkg_dependency(pixbuf gdk-pixbuf-2.0)
rw_pkg_dependency(cairo pangocairo pangoft2 fontconfig cairo-ft cairo-pdf cairo)
rw_pkg_dependency(qpdf libqpdf)
rw_pkg_dependency(pq libpq)
rw_pkg_dependency(mhd libmicrohttpd)
rw_pkg_dependency(dmtx libdmtx)
rw_pkg_dependency(avutil libavutil)
rw_pkg_dependency(cmocka cmocka)

rw_found_dependency(zint zint.h zint)
rw_found_dependency(cups cups/cups.h cups)

# Debian ships the modules of OpenCV singly, without .pc or CMake files.
rw_found_dependency(opencv opencv2/core.hpp
  opencv_imgcodecs opencv_calib3d opencv_video opencv_imgproc opencv_core
  HINTS /usr/include/opencv4)
rw_found_dependency(videoio opencv2/videoio.hpp opencv_videoio opencv_imgproc opencv_core
  HINTS /usr/include/opencv4)
