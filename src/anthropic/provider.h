// Which service model calls go to, and how they are authenticated.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "base/secret.h"

namespace awl::anthropic {

enum class ProviderKind {
  kAnthropicApi,
  kClaudePlatformOnAws,
  kBedrock,
  kFoundry,
  // Recognised so that nothing is sent elsewhere by mistake; not served.
  kMantle,
  kVertex,
};
std::string_view to_string(ProviderKind kind);  ///< "Claude Platform on AWS", for people

enum class AuthMethod { kSigV4, kApiKey, kBearer, kEntra, kNone };
std::string_view to_string(AuthMethod method);

struct Provider {
  ProviderKind kind = ProviderKind::kAnthropicApi;
  std::string reason;  ///< why it was chosen: "CLAUDE_CODE_USE_ANTHROPIC_AWS=1"

  std::string base_url;         ///< without a trailing slash
  std::string base_url_source;  ///< the variable that overrides it, or empty: computed
  std::string workspace_id;     ///< Claude Platform on AWS only
  std::string region;
  std::string region_source;              ///< of the region; SigV4 services only
  std::vector<std::string> region_notes;  ///< values that were skipped, and why

  std::string service_tier;  ///< ANTHROPIC_BEDROCK_SERVICE_TIER; Bedrock only
  std::string problem;  ///< why nothing can be sent: what is not set, for check(); empty: nothing is missing

  AuthMethod auth = AuthMethod::kNone;
  std::string auth_source;  ///< the variable that a key or token came from, or why there is none
  Secret secret;            ///< the API key or bearer token
  std::vector<std::string> signed_headers;  ///< names in lower case that SigV4 signs beyond its own
  std::string sign_host;  ///< sign for this host instead of the one that is dialled; empty: no
};

/// Decides from the merged environment. CLAUDE_CODE_USE_BEDROCK and CLAUDE_CODE_USE_FOUNDRY win when on, then
/// Claude Platform on AWS, then other providers that are on, else the direct API. Never fails: check() says
/// what is wrong.
Provider choose_provider(const Environment& environment, const std::optional<std::string>& sign_host_setting);

/// Ok when requests can be sent as far as configuration goes. Errors: kUnsupported (a provider that is not
/// served, naming its variable), kInvalidInput (no workspace, a base URL that is none), kCredentials (no key
/// for the direct API).
Result<> check(const Provider& provider);

}  // namespace awl::anthropic
