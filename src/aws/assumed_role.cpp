#include "aws/assumed_role.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/environment_provider.h"
#include "aws/machine_providers.h"
#include "aws/profile_keys.h"
#include "aws/sts.h"
#include "aws/web_identity_provider.h"
#include "base/strings.h"
#include "os/path.h"

namespace awl::aws {

namespace {

constexpr size_t kMaxChain = 10;
// Source: AWS STS API Reference, AssumeRole.
constexpr long long kMinDuration = 900;
constexpr long long kMaxDuration = 43'200;

std::string value_of(const SharedConfig& shared, const std::string& profile, std::string_view key) {
  const auto value = shared.find(profile, key);
  return value ? value->value : "";
}

std::unexpected<Error> unusable(const SharedConfig& shared, const std::string& profile, std::string_view why,
                                std::string hint = {}) {
  const auto role = shared.find(profile, "role_arn");
  return fail(ErrorKind::kCredentials,
              fmt::format("the role of profile \"{}\" ({}) cannot be assumed: {}", profile,
                          role ? role->origin : "", why),
              std::move(hint));
}

Result<RoleRequest> read_role(const SharedConfig& shared, const std::string& profile, TimePoint now) {
  RoleRequest role;
  role.role_arn = value_of(shared, profile, "role_arn");
  role.external_id = value_of(shared, profile, "external_id");
  role.session_name = value_of(shared, profile, "role_session_name");
  if (role.session_name.empty()) role.session_name = default_session_name(now);
  const auto duration = shared.find(profile, "duration_seconds");
  if (!duration) return role;
  const auto seconds = parse_integer(trim(duration->value));
  if (!seconds || *seconds < kMinDuration || *seconds > kMaxDuration) {
    return unusable(shared, profile,
                    fmt::format("duration_seconds ({}) is not a number from {} to {}", duration->origin,
                                kMinDuration, kMaxDuration));
  }
  role.duration_s = static_cast<int>(*seconds);
  return role;
}

Result<std::unique_ptr<CredentialsProvider>> make_source(const SharedConfig& shared,
                                                         const std::string& profile,
                                                         const ProviderParts& parts) {
  const std::string source = value_of(shared, profile, "credential_source");
  if (source == "Environment") return make_environment_provider(parts.environment, parts.clock);
  if (source == "Ec2InstanceMetadata") return make_instance_from_environment(parts);
  if (source == "EcsContainer") return make_container_from_environment(parts);
  return unusable(shared, profile, fmt::format("credential_source \"{}\" is unknown", source),
                  "it is Environment, Ec2InstanceMetadata or EcsContainer");
}

Result<> check_source(const SharedConfig& shared, const std::string& profile,
                      const std::vector<std::string>& visited) {
  if (const auto mfa = shared.find(profile, "mfa_serial")) {
    return fail(
        ErrorKind::kUnsupported,
        fmt::format("profile \"{}\" wants a code of an MFA device ({}), and nobody can be asked for it",
                    profile, mfa->origin),
        fmt::format("get credentials with the AWS CLI, which asks: eval \"$(aws configure "
                    "export-credentials --profile {} --format env)\", and unset AWS_PROFILE; or set "
                    "awsCredentialExport to a command that prints such credentials",
                    profile));
  }
  const std::string source = value_of(shared, profile, "source_profile");
  const bool other = !value_of(shared, profile, "credential_source").empty();
  if (source.empty() && !other)
    return unusable(shared, profile, "it names neither source_profile nor credential_source");
  if (!source.empty() && other)
    return unusable(shared, profile, "it names both source_profile and credential_source");
  if (source.empty()) return {};
  if (!shared.has_profile(source))
    return unusable(shared, profile, fmt::format("its source_profile \"{}\" does not exist", source),
                    "profiles that exist: " + join(shared.profile_names(), ", "));
  const bool seen = std::find(visited.begin(), visited.end(), source) != visited.end();
  // A profile may name itself: the keys beside its role are meant.
  const bool itself = source == profile && static_keys(shared, profile).has_value();
  if ((seen && !itself) || visited.size() >= kMaxChain)
    return unusable(shared, profile,
                    fmt::format("its source profiles go in a circle: {} > {}", join(visited, " > "), source));
  return {};
}

Task<Result<Credentials>> fetch_base(const SharedConfig& shared, std::string profile,
                                     std::vector<std::string> visited, const ProviderParts& parts,
                                     SourceProfiles& sources) {
  std::string source = value_of(shared, profile, "source_profile");
  if (!source.empty()) {
    auto base = co_await sources.resolve(shared, source, std::move(visited));
    if (!base && base.error().kind == ErrorKind::kNotFound)
      co_return unusable(shared, profile, base.error().message);
    co_return base;
  }
  AWL_CO_TRY(const std::unique_ptr<CredentialsProvider> provider, make_source(shared, profile, parts));
  auto base = co_await provider->fetch();
  // The profile says where its keys are: that there are none is an error, not the next link's turn.
  if (!base && base.error().kind == ErrorKind::kNotFound)
    co_return unusable(shared, profile,
                       fmt::format("credential_source {}: {}", value_of(shared, profile, "credential_source"),
                                   base.error().message));
  co_return base;
}

}  // namespace

Task<Result<Credentials>> assume_role(const SharedConfig& shared, std::string profile,
                                      std::vector<std::string> visited, std::string policy,
                                      const ProviderParts& parts, SourceProfiles& sources) {
  AWL_CO_TRY(RoleRequest role, read_role(shared, profile, parts.clock()));
  role.policy = std::move(policy);
  if (const auto file = shared.find(profile, "web_identity_token_file")) {
    const os::Path home = std::string(trim(parts.environment.get("HOME")));
    WebIdentityOptions options{os::absolute_path(file->value, "/", home), std::move(role),
                               fmt::format("profile {} ({})", profile, file->origin)};
    const auto provider = make_web_identity_provider(std::move(options), make_sts_client(parts));
    auto credentials = co_await provider->fetch();
    co_return credentials;
  }
  visited.push_back(profile);
  AWL_CO_CHECK(check_source(shared, profile, visited));
  auto base = co_await fetch_base(shared, profile, std::move(visited), parts, sources);
  if (!base) co_return base;
  const std::string source =
      fmt::format("role {} (profile {}), assumed with {}", role.role_arn, profile, base->source);
  StsClient sts = make_sts_client(parts);
  auto credentials = co_await sts.assume_role(std::move(role), std::move(*base));
  if (credentials) credentials->source = source;
  co_return credentials;
}

}  // namespace awl::aws
