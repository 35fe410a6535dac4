// libzip, loaded when the first archive is opened (docs/adr/0020-zip.md).
#pragma once

#include <zip.h>

namespace awl::archive {

struct ZipLibrary {
  decltype(&zip_open) open = nullptr;
  decltype(&zip_discard) discard = nullptr;
  decltype(&zip_get_num_entries) count = nullptr;
  decltype(&zip_get_name) name_of = nullptr;
  decltype(&zip_file_get_external_attributes) attributes_of = nullptr;
  decltype(&zip_fopen_index) open_entry = nullptr;
  decltype(&zip_fread) read = nullptr;
  decltype(&zip_fclose) close_entry = nullptr;
  decltype(&zip_strerror) error_of = nullptr;
  decltype(&zip_file_strerror) entry_error_of = nullptr;
};

/// nullptr: it is not installed.
const ZipLibrary* load_zip_library();

}  // namespace awl::archive
