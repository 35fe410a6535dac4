#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "anthropic/rejected_feature.h"
#include "base/strings.h"
#include "cli/doctor.h"

namespace awl::cli {

namespace {

// wrkspc_ and letters and digits.
bool is_workspace_id(std::string_view id) {
  constexpr std::string_view kStart = "wrkspc_";
  return id.starts_with(kStart) && id.size() > kStart.size() &&
         std::ranges::all_of(id.substr(kStart.size()), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

void check_workspace(Examination& examination) {
  const anthropic::Provider& provider = examination.setup.provider;
  if (provider.kind != anthropic::ProviderKind::kClaudePlatformOnAws || provider.workspace_id.empty()) return;
  if (is_workspace_id(provider.workspace_id)) {
    examination.add("workspace", Health::kGood, fmt::format("workspace {}", provider.workspace_id));
    return;
  }
  examination.add(
      "workspace", Health::kWarning,
      fmt::format("\"{}\" does not look like the id of a workspace", provider.workspace_id),
      "Ids begin with wrkspc_; the AWS console lists them under Claude Platform on AWS, Workspaces.");
}

void check_region(Examination& examination) {
  const anthropic::Provider& provider = examination.setup.provider;
  if (provider.region.empty()) return;
  for (const std::string& note : provider.region_notes) examination.add("region", Health::kWarning, note);
  const bool guessed = provider.region_source == "default";
  examination.add("region", guessed ? Health::kWarning : Health::kGood,
                  fmt::format("region {} ({})", provider.region, provider.region_source),
                  guessed ? "A workspace is bound to one region: set AWS_REGION to it." : "");
}

// A key stands before signing; who has both may not know which one counts.
void check_shadowing(Examination& examination) {
  const Setup& setup = examination.setup;
  if (setup.provider.kind != anthropic::ProviderKind::kClaudePlatformOnAws) return;
  const bool has_keys = setup.environment.has("AWS_ACCESS_KEY_ID") || setup.environment.has("AWS_PROFILE");
  if (setup.provider.auth == anthropic::AuthMethod::kApiKey && has_keys) {
    examination.add(
        "credentials", Health::kWarning,
        "ANTHROPIC_AWS_API_KEY stands before the AWS credentials that are set as well",
        "If requests are refused with 403, the key may be stale: unset it to sign with the credentials.");
  }
  if (setup.provider.auth == anthropic::AuthMethod::kNone) {
    examination.add("credentials", Health::kGood,
                    fmt::format("{}: requests go out without signature and key, for a gateway that signs",
                                setup.provider.auth_source));
  }
}

}  // namespace

void check_settings(Examination& examination) {
  const Setup& setup = examination.setup;
  for (const std::string& source : setup.settings.sources)
    examination.add("settings", Health::kGood, fmt::format("read: {}", source));
  if (setup.settings.sources.empty()) examination.add("settings", Health::kGood, "no settings files");
  for (const std::string& problem : setup.problems) examination.add("settings", Health::kWarning, problem);
  examination.add("settings", Health::kGood,
                  fmt::format("the folder {} is {}", setup.locations.project_dir.string(),
                              setup.trusted ? "trusted" : "not trusted"));
}

void check_provider(Examination& examination) {
  const Setup& setup = examination.setup;
  const anthropic::Provider& provider = setup.provider;
  examination.add(
      "provider", Health::kGood,
      fmt::format("{} ({}), {}{}", to_string(provider.kind), provider.reason, provider.base_url,
                  provider.base_url_source.empty() ? "" : fmt::format(" from {}", provider.base_url_source)));
  check_workspace(examination);
  check_region(examination);
  const Result<> usable =
      setup.request_error ? Result<>(std::unexpected(*setup.request_error)) : anthropic::check(provider);
  if (!usable) examination.add("provider", Health::kFailure, usable.error().message, usable.error().hint);
  examination.add("model", Health::kGood,
                  fmt::format("{} ({} from {})", setup.model.id, setup.model.requested, setup.model.source));
  for (const std::string& feature : setup.left_out) {
    examination.add("model", Health::kGood,
                    fmt::format("requests go without {}, which this base URL refused",
                                anthropic::describe_feature(feature)));
  }
}

void check_credentials(Examination& examination) {
  const Identity& identity = examination.identity;
  const anthropic::Provider& provider = examination.setup.provider;
  check_shadowing(examination);
  if (!provider.secret.empty()) {
    examination.add("credentials", Health::kGood,
                    fmt::format("{}={}", provider.auth_source, provider.secret.masked()));
  }
  if (!identity.asked) return;
  for (const aws::ChainStep& step : identity.trace) {
    examination.add("credentials", Health::kGood,
                    fmt::format("asked {}: {} ({} ms)", step.provider, step.outcome, step.took.count()));
  }
  if (identity.problem.empty()) {
    examination.add("credentials", Health::kGood,
                    fmt::format("{} from {}{}", Secret(identity.access_key_id).masked(), identity.source,
                                identity.expiration.empty() ? "" : ", until " + identity.expiration));
    return;
  }
  const bool refreshes = examination.setup.settings.aws_auth_refresh.has_value();
  // What the command will renew at the first prompt keeps nobody from working.
  examination.add("credentials", refreshes ? Health::kWarning : Health::kFailure, identity.problem,
                  refreshes ? "`awl auth login` runs awsAuthRefresh now; a prompt does so by itself."
                            : "`awl auth login` says how to get some.");
}

void check_network(Examination& examination) {
  const NetworkSetup& network = examination.network;
  if (!examination.network_problem.empty()) {
    examination.add("network", Health::kFailure, examination.network_problem);
    return;
  }
  if (!network.http.proxy.empty()) {
    examination.add("network", Health::kGood,
                    fmt::format("proxy {} ({})", network.http.proxy.url, network.proxy_source));
  }
  for (const std::string& file : network.ca_files)
    examination.add("network", Health::kGood, fmt::format("also trusted: {}", file));
  for (const std::string& problem : network.problems) examination.add("network", Health::kWarning, problem);
  if (network.http.proxy.empty() && network.ca_files.empty() && network.problems.empty())
    examination.add("network", Health::kGood, "no proxy, the system's certificate authorities");
}

}  // namespace awl::cli
