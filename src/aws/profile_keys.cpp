#include "aws/profile_keys.h"

#include <fmt/format.h>

#include "aws/static_keys.h"

namespace awl::aws {

namespace {

StaticKeyPart part_of(const ProfileSection& section, std::string_view key) {
  const auto property = section.properties.find(key);
  return {std::string(key), property == section.properties.end() ? "" : property->second.value};
}

// All of one file: the id of one and the secret or token of another do not belong together.
Result<Credentials> keys_of(const ProfileFile& file, const std::string& profile) {
  const ProfileSection* section = file.find(ProfileSection::Kind::kProfile, profile);
  if (section == nullptr) return fail(ErrorKind::kNotFound, fmt::format("no such profile in {}", file.path));
  return to_credentials({part_of(*section, "aws_access_key_id"), part_of(*section, "aws_secret_access_key"),
                         part_of(*section, "aws_session_token"),
                         fmt::format("profile \"{}\" ({}:{})", section->name, file.path, section->line),
                         fmt::format("profile {} in {}", section->name, file.path)});
}

}  // namespace

Result<Credentials> static_keys(const SharedConfig& shared, const std::string& profile) {
  auto keys = keys_of(shared.credentials, profile);
  if (keys || keys.error().kind != ErrorKind::kNotFound) return keys;
  return keys_of(shared.config, profile);
}

}  // namespace awl::aws
