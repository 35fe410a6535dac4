# Third-party libraries, as imported targets. scripts/bootstrap installs them.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(CLI11 REQUIRED)

find_path(NETTLE_INCLUDE_DIR nettle/sha2.h REQUIRED)
find_library(NETTLE_LIBRARY NAMES libnettle.a REQUIRED)
find_library(HOGWEED_LIBRARY NAMES libhogweed.a REQUIRED)
find_library(GMP_LIBRARY NAMES libgmp.a REQUIRED)
add_library(awl_third_party_nettle INTERFACE)
target_include_directories(awl_third_party_nettle SYSTEM INTERFACE ${NETTLE_INCLUDE_DIR})
# Lowest last: signatures (docs/adr/0021-signatures.md), hashes, and the numbers of the former.
target_link_libraries(awl_third_party_nettle INTERFACE ${HOGWEED_LIBRARY} ${NETTLE_LIBRARY} ${GMP_LIBRARY})

# Only the headers: libcurl is loaded at run time, on first use (docs/adr/0004-http-client.md).
find_path(CURL_INCLUDE_DIR curl/curl.h REQUIRED)
add_library(awl_third_party_curl_headers INTERFACE)
target_include_directories(awl_third_party_curl_headers SYSTEM INTERFACE ${CURL_INCLUDE_DIR})

find_path(TREE_SITTER_INCLUDE_DIR tree_sitter/api.h REQUIRED)
find_library(TREE_SITTER_LIBRARY NAMES libtree-sitter.a REQUIRED)
add_library(awl_third_party_tree_sitter INTERFACE)
target_include_directories(awl_third_party_tree_sitter SYSTEM INTERFACE ${TREE_SITTER_INCLUDE_DIR})
target_link_libraries(awl_third_party_tree_sitter INTERFACE ${TREE_SITTER_LIBRARY})

find_path(VALIJSON_INCLUDE_DIR valijson/validator.hpp REQUIRED)
add_library(awl_third_party_valijson INTERFACE)
target_include_directories(awl_third_party_valijson SYSTEM INTERFACE ${VALIJSON_INCLUDE_DIR})
# Without it the library ends the process on a schema that it cannot read.
target_compile_definitions(awl_third_party_valijson INTERFACE VALIJSON_USE_EXCEPTIONS=1)

find_path(PROTOZERO_INCLUDE_DIR protozero/pbf_writer.hpp REQUIRED)
add_library(awl_third_party_protozero INTERFACE)
target_include_directories(awl_third_party_protozero SYSTEM INTERFACE ${PROTOZERO_INCLUDE_DIR})

find_path(UTF8PROC_INCLUDE_DIR utf8proc.h REQUIRED)
find_library(UTF8PROC_LIBRARY NAMES libutf8proc.a REQUIRED)
add_library(awl_third_party_utf8proc INTERFACE)
target_include_directories(awl_third_party_utf8proc SYSTEM INTERFACE ${UTF8PROC_INCLUDE_DIR})
target_link_libraries(awl_third_party_utf8proc INTERFACE ${UTF8PROC_LIBRARY})
target_compile_definitions(awl_third_party_utf8proc INTERFACE UTF8PROC_STATIC=1)

# Only the header: libmd4c is loaded when an answer is first shown on a terminal (docs/adr/0017-terminal.md).
find_path(MD4C_INCLUDE_DIR md4c.h REQUIRED)
add_library(awl_third_party_md4c_header INTERFACE)
target_include_directories(awl_third_party_md4c_header SYSTEM INTERFACE ${MD4C_INCLUDE_DIR})

# Only the header: libzip is loaded when a plugin comes as a zip file (docs/adr/0020-zip.md).
find_path(ZIP_INCLUDE_DIR zip.h REQUIRED)
add_library(awl_third_party_zip_header INTERFACE)
target_include_directories(awl_third_party_zip_header SYSTEM INTERFACE ${ZIP_INCLUDE_DIR})

find_path(YAML_CPP_INCLUDE_DIR yaml-cpp/yaml.h REQUIRED)
find_library(YAML_CPP_LIBRARY NAMES libyaml-cpp.a REQUIRED)
add_library(awl_third_party_yaml INTERFACE)
target_include_directories(awl_third_party_yaml SYSTEM INTERFACE ${YAML_CPP_INCLUDE_DIR})
target_link_libraries(awl_third_party_yaml INTERFACE ${YAML_CPP_LIBRARY})

# Only awl-media links these (docs/adr/0013-pictures.md).
find_package(PNG 1.6 REQUIRED)
add_library(awl_third_party_pictures INTERFACE)
target_link_libraries(awl_third_party_pictures INTERFACE PNG::PNG)
foreach(library turbojpeg:turbojpeg.h gif:gif_lib.h webp:webp/decode.h webpdemux:webp/demux.h)
  string(REPLACE ":" ";" library ${library})
  list(GET library 0 name)
  list(GET library 1 header)
  find_path(AWL_${name}_INCLUDE_DIR ${header} REQUIRED)
  find_library(AWL_${name}_LIBRARY ${name} REQUIRED)
  target_include_directories(awl_third_party_pictures SYSTEM INTERFACE ${AWL_${name}_INCLUDE_DIR})
  target_link_libraries(awl_third_party_pictures INTERFACE ${AWL_${name}_LIBRARY})
endforeach()

if(AWL_BUILD_TESTS)
  find_package(GTest REQUIRED)
  # A terminal for tests.
  find_path(VTERM_INCLUDE_DIR vterm.h REQUIRED)
  find_library(VTERM_LIBRARY NAMES libvterm.a REQUIRED)
  add_library(awl_third_party_vterm INTERFACE)
  target_include_directories(awl_third_party_vterm SYSTEM INTERFACE ${VTERM_INCLUDE_DIR})
  target_link_libraries(awl_third_party_vterm INTERFACE ${VTERM_LIBRARY})
endif()
