#include "aws/profile_provider.h"

#include <fmt/format.h>

#include "aws/assumed_role.h"
#include "aws/endpoints.h"
#include "aws/login_provider.h"
#include "aws/process_provider.h"
#include "aws/profile_keys.h"
#include "aws/sso_provider.h"
#include "base/strings.h"
#include "os/path.h"

namespace awl::aws {

namespace {

std::string describe_path(const os::Path& path, std::string_view otherwise) {
  return path.empty() ? std::string(otherwise) : path.string();
}

// The folder of AWS's caches below HOME, or the one that a variable names.
os::Path cache_folder(const Environment& environment, std::string_view below_home,
                      std::string_view variable = {}) {
  const os::Path home = std::string(trim(environment.get("HOME")));
  const std::string named = variable.empty() ? "" : std::string(trim(environment.get(variable)));
  return named.empty() ? home / below_home : os::absolute_path(named, "/", home);
}

class ProfileProvider : public CredentialsProvider, private SourceProfiles {
 public:
  ProfileProvider(ProfileOptions options, ProviderParts parts)
      : options_(std::move(options)), parts_(std::move(parts)) {}

  std::string name() const override { return fmt::format("shared files (profile {})", options_.profile); }

  Task<Result<Credentials>> fetch() override {
    AWL_CO_TRY(const SharedConfig shared, read_shared_config(options_.paths));
    if (!shared.has_profile(options_.profile)) co_return no_such_profile(shared);
    if (!options_.session_policy.empty() && !shared.find(options_.profile, "role_arn")) {
      co_return fail(ErrorKind::kCredentials,
                     fmt::format("profile \"{}\" assumes no role, so that no session policy can narrow it",
                                 options_.profile),
                     "Give it a role_arn and a source_profile in ~/.aws/config.");
    }
    auto credentials = co_await resolve(shared, options_.profile, {});
    co_return credentials;
  }

 private:
  Task<Result<Credentials>> resolve(const SharedConfig& shared, std::string profile,
                                    std::vector<std::string> visited) override {
    auto keys = static_keys(shared, profile);
    const bool has_keys = keys || keys.error().kind != ErrorKind::kNotFound;
    // A role comes before keys beside it, which may be what it is assumed with; what another role is assumed
    // with is the keys.
    if (shared.find(profile, "role_arn") && (visited.empty() || !has_keys)) {
      std::string policy = visited.empty() ? options_.session_policy : "";
      auto assumed =
          co_await assume_role(shared, profile, std::move(visited), std::move(policy), parts_, *this);
      co_return assumed;
    }
    if (has_keys) co_return keys;
    const std::unique_ptr<CredentialsProvider> provider = make_inner(shared, profile);
    if (!provider)
      co_return fail(ErrorKind::kNotFound, fmt::format("profile \"{}\" has no credentials", profile));
    auto credentials = co_await provider->fetch();
    co_return credentials;
  }

  // What gives the credentials of a profile without a role and without keys; nullptr when nothing does.
  std::unique_ptr<CredentialsProvider> make_inner(const SharedConfig& shared,
                                                  const std::string& profile) const {
    if (const auto process = shared.find(profile, "credential_process")) {
      ProcessProviderOptions options{.command_line = process->value,
                                     .place = fmt::format("profile {} ({})", profile, process->origin),
                                     .environment = parts_.environment.to_entries()};
      return make_process_provider(std::move(options), parts_.clock);
    }
    if (shared.find(profile, "sso_session") || shared.find(profile, "sso_start_url"))
      return make_sso(shared, profile);
    if (const auto session = shared.find(profile, "login_session")) {
      LoginOptions options{profile, session->value,
                           cache_folder(parts_.environment, ".aws/login/cache", "AWS_LOGIN_CACHE_DIRECTORY")};
      return make_login_provider(std::move(options), parts_.clock);
    }
    return nullptr;
  }

  std::unique_ptr<CredentialsProvider> make_sso(const SharedConfig& shared,
                                                const std::string& profile) const {
    const auto value_of = [&](const char* key) {
      const auto value = shared.find(profile, key);
      return value ? value->value : "";
    };
    SsoOptions options{.profile = profile,
                       .session = value_of("sso_session"),
                       .start_url = value_of("sso_start_url"),
                       .account_id = value_of("sso_account_id"),
                       .role_name = value_of("sso_role_name"),
                       .cache_folder = cache_folder(parts_.environment, ".aws/sso/cache"),
                       .state_dir = parts_.state_dir};
    std::string region = value_of("sso_region");
    if (!options.session.empty()) {
      options.start_url = shared.find_sso(options.session, "sso_start_url");
      region = shared.find_sso(options.session, "sso_region");
    }
    options.region = region;
    options.portal_endpoint = service_endpoint(parts_.environment, Service::kSso, region);
    options.oidc_endpoint = service_endpoint(parts_.environment, Service::kSsoOidc, region);
    return make_sso_provider(std::move(options), parts_.http, parts_.clock);
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

  ProfileOptions options_;
  ProviderParts parts_;
};

}  // namespace

std::unique_ptr<CredentialsProvider> make_profile_provider(ProfileOptions options, ProviderParts parts) {
  return std::make_unique<ProfileProvider>(std::move(options), std::move(parts));
}

}  // namespace awl::aws
