#include "aws/shared_config.h"

#include <fmt/format.h>

#include <set>

#include "base/strings.h"
#include "os/path.h"

namespace awl::aws {

namespace {

constexpr uint64_t kMaxFileBytes = 4U << 20;

os::Path path_from(const Environment& environment, std::string_view variable, std::string_view name) {
  const std::string named(trim(environment.get(variable)));
  const os::Path home = std::string(trim(environment.get("HOME")));
  if (named == "~" || named.starts_with("~/"))
    return home.empty() ? os::Path(named) : os::absolute_path(named, {}, home);
  if (!named.empty()) return named;
  return home.empty() ? os::Path() : home / ".aws" / name;
}

Result<ProfileFile> read_profile_file(const os::Path& path, ProfileFileKind kind) {
  if (path.empty()) return ProfileFile{};
  if (const auto info = os::stat(path); !info) {
    // A file below a folder that this user may not look into (HOME=/root in a container, say) is as good as
    // not there.
    const ErrorKind why = info.error().kind;
    const bool absent = why == ErrorKind::kNotFound || why == ErrorKind::kPermissionDenied;
    if (!absent) return std::unexpected(info.error());
    return ProfileFile{path.string(), {}};
  }
  AWL_TRY(const std::string text, os::read_file(path, kMaxFileBytes));
  return parse_profile_file(text, path.string(), kind);
}

}  // namespace

SharedFilePaths shared_file_paths(const Environment& environment) {
  return {path_from(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials"),
          path_from(environment, "AWS_CONFIG_FILE", "config")};
}

std::optional<std::string> named_profile(const Environment& environment) {
  std::string name(trim(environment.get("AWS_PROFILE")));
  if (name.empty()) return std::nullopt;
  return name;
}

std::optional<ProfileValue> find_value(const ProfileFile& file, std::string_view profile,
                                       std::string_view key) {
  const ProfileSection* section = file.find(ProfileSection::Kind::kProfile, profile);
  if (section == nullptr) return std::nullopt;
  const auto property = section->properties.find(key);
  if (property == section->properties.end() || property->second.value.empty()) return std::nullopt;
  return ProfileValue{property->second.value, fmt::format("{}:{}", file.path, property->second.line)};
}

bool SharedConfig::has_profile(std::string_view name) const {
  return credentials.find(ProfileSection::Kind::kProfile, name) != nullptr ||
         config.find(ProfileSection::Kind::kProfile, name) != nullptr;
}

std::vector<std::string> SharedConfig::profile_names() const {
  std::set<std::string> names;
  for (const ProfileFile* file : {&credentials, &config}) {
    for (const ProfileSection& section : file->sections) {
      if (section.kind == ProfileSection::Kind::kProfile) names.insert(section.name);
    }
  }
  return {names.begin(), names.end()};
}

std::optional<ProfileValue> SharedConfig::find(std::string_view profile, std::string_view key) const {
  auto value = find_value(credentials, profile, key);
  return value ? value : find_value(config, profile, key);
}

std::string SharedConfig::find_sso(std::string_view session, std::string_view key) const {
  const ProfileSection* section = config.find(ProfileSection::Kind::kSsoSession, session);
  if (section == nullptr) return "";
  const auto property = section->properties.find(key);
  return property == section->properties.end() ? "" : property->second.value;
}

Result<SharedConfig> read_shared_config(const SharedFilePaths& paths) {
  AWL_TRY(ProfileFile credentials, read_profile_file(paths.credentials, ProfileFileKind::kCredentials));
  AWL_TRY(ProfileFile config, read_profile_file(paths.config, ProfileFileKind::kConfig));
  return SharedConfig{std::move(credentials), std::move(config)};
}

}  // namespace awl::aws
