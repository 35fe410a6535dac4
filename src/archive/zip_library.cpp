#include "archive/zip_library.h"

#include <dlfcn.h>

#include <optional>

namespace awl::archive {

namespace {

template <typename Function>
bool find_function(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

std::optional<ZipLibrary> load() {
  void* library = nullptr;
  // Debian 12 has the older one; what is used of them is the same.
  for (const char* name : {"libzip.so.5", "libzip.so.4"}) {
    if (library == nullptr) library = ::dlopen(name, RTLD_LAZY | RTLD_LOCAL);
  }
  ZipLibrary zip;
  if (library != nullptr && find_function(library, "zip_open", zip.open) &&
      find_function(library, "zip_discard", zip.discard) &&
      find_function(library, "zip_get_num_entries", zip.count) &&
      find_function(library, "zip_get_name", zip.name_of) &&
      find_function(library, "zip_file_get_external_attributes", zip.attributes_of) &&
      find_function(library, "zip_fopen_index", zip.open_entry) &&
      find_function(library, "zip_fread", zip.read) &&
      find_function(library, "zip_fclose", zip.close_entry) &&
      find_function(library, "zip_strerror", zip.error_of) &&
      find_function(library, "zip_file_strerror", zip.entry_error_of))
    return zip;
  return std::nullopt;
}

}  // namespace

const ZipLibrary* load_zip_library() {
  static const std::optional<ZipLibrary> kLibrary = load();
  return kLibrary ? &*kLibrary : nullptr;
}

}  // namespace awl::archive
