#include "aws/shared_files_provider.h"

#include <fmt/format.h>

#include "aws/static_keys.h"
#include "base/strings.h"

namespace awl::aws {

namespace {

std::string text_of(const ProfileSection& section, std::string_view key) {
  const auto property = section.properties.find(key);
  return property == section.properties.end() ? "" : property->second.value;
}

std::string describe_path(const os::Path& path, std::string_view otherwise) {
  return path.empty() ? std::string(otherwise) : path.string();
}

class SharedFilesProvider : public CredentialsProvider {
 public:
  explicit SharedFilesProvider(SharedFilesOptions options) : options_(std::move(options)) {}

  std::string name() const override { return fmt::format("shared files (profile {})", options_.profile); }
  Task<Result<Credentials>> fetch() override { co_return resolve(); }

 private:
  Result<Credentials> resolve() const {
    AWL_TRY(const SharedConfig shared, read_shared_config(options_.paths));
    if (!shared.has_profile(options_.profile)) return no_such_profile(shared);
    // A role comes before keys beside it: they are what the role is assumed with.
    AWL_CHECK(refuse(shared, {"role_arn"}));
    for (const ProfileFile* file : {&shared.credentials, &shared.config}) {
      auto keys = static_keys(*file);
      if (keys || keys.error().kind != ErrorKind::kNotFound) return keys;
    }
    AWL_CHECK(refuse(shared, {"credential_process", "sso_session", "sso_start_url", "login_session"}));
    return fail(ErrorKind::kNotFound, fmt::format("profile \"{}\" has no credentials", options_.profile));
  }

  // All of one file: the id of one and the secret or token of another do not belong together.
  Result<Credentials> static_keys(const ProfileFile& file) const {
    const ProfileSection* section = file.find(ProfileSection::Kind::kProfile, options_.profile);
    if (section == nullptr)
      return fail(ErrorKind::kNotFound, fmt::format("no such profile in {}", file.path));
    constexpr std::string_view kId = "aws_access_key_id";
    constexpr std::string_view kSecret = "aws_secret_access_key";
    constexpr std::string_view kToken = "aws_session_token";
    const StaticKeys keys{{std::string(kId), text_of(*section, kId)},
                          {std::string(kSecret), text_of(*section, kSecret)},
                          {std::string(kToken), text_of(*section, kToken)},
                          fmt::format("profile \"{}\" ({}:{})", section->name, file.path, section->line),
                          fmt::format("profile {} in {}", section->name, file.path)};
    return to_credentials(keys);
  }

  Result<> refuse(const SharedConfig& shared, std::initializer_list<std::string_view> keys) const {
    for (const std::string_view key : keys) {
      const auto found = shared.find(options_.profile, key);
      if (!found) continue;
      return fail(
          ErrorKind::kUnsupported,
          fmt::format("profile \"{}\" gets its credentials by {} ({}), which this version does not serve yet",
                      options_.profile, key, found->origin),
          fmt::format(
              "export keys instead: eval \"$(aws configure export-credentials --profile {} --format env)\", "
              "with AWS_PROFILE unset",
              options_.profile));
    }
    return {};
  }

  std::unexpected<Error> no_such_profile(const SharedConfig& shared) const {
    const std::string message =
        fmt::format("no credentials: {}profile \"{}\" is in neither file, {} nor {}",
                    options_.profile_was_named ? "AWS_PROFILE names " : "", options_.profile,
                    describe_path(options_.paths.credentials, "~/.aws/credentials"),
                    describe_path(options_.paths.config, "~/.aws/config"));
    if (!options_.profile_was_named) return fail(ErrorKind::kNotFound, message);
    const std::vector<std::string> names = shared.profile_names();
    std::string hint =
        names.empty() ? "there are no profiles" : fmt::format("profiles that exist: {}", join(names, ", "));
    if (const auto* other = shared.config.find(ProfileSection::Kind::kOther, options_.profile)) {
      hint += fmt::format("; {}:{} has [{}], which must be written [profile {}] in that file",
                          shared.config.path, other->line, other->name, other->name);
    }
    return fail(ErrorKind::kCredentials, message, hint);
  }

  SharedFilesOptions options_;
};

}  // namespace

std::unique_ptr<CredentialsProvider> make_shared_files_provider(SharedFilesOptions options) {
  return std::make_unique<SharedFilesProvider>(std::move(options));
}

}  // namespace awl::aws
