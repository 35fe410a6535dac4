# Language level, warnings and link options that every target of the project shares.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "Awl is built with clang 19 (docs/adr/0001-compiler.md): use a preset, or set CMAKE_CXX_COMPILER=clang++-19")
endif()

add_compile_options(-Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wimplicit-fallthrough -Wno-missing-designated-field-initializers -ffunction-sections
                    -fdata-sections -fno-omit-frame-pointer)
add_link_options(-fuse-ld=mold -Wl,--gc-sections)

if(AWL_SANITIZE)
  add_compile_options(-fsanitize=${AWL_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${AWL_SANITIZE})
else()
  # The C++ runtime goes into the executable: one shared object fewer for the loader at each start.
  add_link_options(-static-libstdc++ -static-libgcc)
endif()

# What is shipped: hardened as Debian's own packages are, without a symbol table and without the names of our folders.
add_compile_options("$<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2;-fstack-protector-strong;-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=>")
add_link_options("$<$<CONFIG:Release>:-Wl,-z,relro,-z,now;-s>")

# Makes clang's precompiled headers independent of time stamps, so that ccache can keep them.
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")

find_program(AWL_CCACHE ccache)
if(AWL_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${AWL_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${AWL_CCACHE})
endif()

# Asio and Beast are compiled once, in third_party/.
add_compile_definitions(BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_SEPARATE_COMPILATION)
