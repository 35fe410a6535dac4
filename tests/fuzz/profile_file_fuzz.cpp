// The parser of the shared AWS files, on any bytes.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "aws/profile_file.h"

namespace {

using awl::aws::ProfileFileKind;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const ProfileFileKind kind : {ProfileFileKind::kConfig, ProfileFileKind::kCredentials}) {
    const auto file = awl::aws::parse_profile_file(text, "/f", kind);
    if (!file) {
      require(file.error().kind == awl::ErrorKind::kParse && file.error().message.starts_with("/f:"));
      continue;
    }
    for (const auto& section : file->sections) {
      require(!section.name.empty() && section.line > 0);
      require(file->find(section.kind, section.name) == &section);  // merged: each name once
      for (const auto& [key, property] : section.properties) {
        require(!key.empty() && property.line > 0);
        require(property.value.empty() || property.nested.empty());
      }
    }
  }
  return 0;
}
