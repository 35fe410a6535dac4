# What is installed beside the programs (each program's own CMakeLists.txt installs it), and the Debian package of it all.

# awl_install_compressed(source name destination): installs a text as `name`.gz, without its date.
function(awl_install_compressed source name destination)
  set(output ${CMAKE_BINARY_DIR}/installed/${name}.gz)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/installed)
  execute_process(COMMAND gzip -9nc ${source} OUTPUT_FILE ${output} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                  COMMAND_ERROR_IS_FATAL ANY)
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${source})
  install(FILES ${output} DESTINATION ${destination})
endfunction()

foreach(page awl awl-emulator)
  awl_install_compressed(packaging/man/${page}.1 ${page}.1 ${CMAKE_INSTALL_MANDIR}/man1)
endforeach()
awl_install_compressed(CHANGELOG.md changelog ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE README.md SECURITY.md packaging/debian/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md" PATTERN adr EXCLUDE)
install(FILES packaging/completion/awl.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME awl)

# cpack -G DEB, in the build folder. What the programs link is found out by dpkg-shlibdeps; libcurl, libmd4c and libzip they load themselves.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME awl)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR "Awl")
set(CPACK_PACKAGE_CONTACT "The Awl maintainers <maintainers@awl.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "coding agent for the terminal, made for Claude Platform on AWS")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "awl answers a prompt by letting a model read, search and change the files of a project and run its commands, within the
permissions that it is given. It speaks the command line and the stream-json output of Claude Code and reads the same
settings.
.
The package contains awl-emulator too: the platform on this machine, for trying and testing without an account.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libcurl4 (>= 7.68), libmd4c0, libzip4, ca-certificates, ripgrep")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "git, poppler-utils")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
