#include "anthropic/provider.h"

#include <fmt/format.h>

#include <array>

#include "anthropic/custom_headers.h"
#include "aws/region.h"
#include "base/strings.h"
#include "net/url.h"

namespace awl::anthropic {

namespace {

constexpr std::string_view kDirectBaseUrl = "https://api.anthropic.com";

struct Switch {
  std::string_view variable;
  ProviderKind kind;
};

// In order of precedence.
constexpr std::array kSwitches{
    Switch{"CLAUDE_CODE_USE_BEDROCK", ProviderKind::kBedrock},
    Switch{"CLAUDE_CODE_USE_FOUNDRY", ProviderKind::kFoundry},
    Switch{"CLAUDE_CODE_USE_ANTHROPIC_AWS", ProviderKind::kClaudePlatformOnAws},
    Switch{"CLAUDE_CODE_USE_MANTLE", ProviderKind::kMantle},
    Switch{"CLAUDE_CODE_USE_VERTEX", ProviderKind::kVertex},
};

std::string without_trailing_slashes(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

void choose_region(Provider& provider, const Environment& environment) {
  const aws::ResolvedRegion region = aws::resolve_region(environment);
  provider.region = region.region;
  provider.region_source = region.source;
  provider.region_notes = region.skipped;
}

void choose_base_url(Provider& provider, const Environment& environment, const char* variable,
                     std::string computed) {
  provider.base_url = without_trailing_slashes(std::string(trim(environment.get(variable))));
  if (provider.base_url.empty()) {
    provider.base_url = std::move(computed);
  } else {
    provider.base_url_source = variable;
  }
}

void take_secret(Provider& provider, const Environment& environment, const char* variable,
                 AuthMethod method) {
  provider.auth = method;
  provider.auth_source = variable;
  provider.secret = Secret(std::string(trim(environment.get(variable))));
}

void configure_aws(Provider& provider, const Environment& environment,
                   const std::optional<std::string>& sign_host_setting) {
  provider.workspace_id = trim(environment.get("ANTHROPIC_AWS_WORKSPACE_ID"));
  choose_region(provider, environment);
  choose_base_url(provider, environment, "ANTHROPIC_AWS_BASE_URL",
                  fmt::format("https://aws-external-anthropic.{}.api.aws", provider.region));
  provider.sign_host = environment.get("AWL_AWS_SIGN_HOST");
  if (provider.sign_host.empty()) provider.sign_host = sign_host_setting.value_or("");

  if (environment.is_on("CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH")) {
    provider.auth_source = "CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH";
    if (environment.has("ANTHROPIC_AUTH_TOKEN"))
      take_secret(provider, environment, "ANTHROPIC_AUTH_TOKEN", AuthMethod::kBearer);
  } else if (environment.has("ANTHROPIC_AWS_API_KEY")) {
    take_secret(provider, environment, "ANTHROPIC_AWS_API_KEY", AuthMethod::kApiKey);
  } else {
    provider.auth = AuthMethod::kSigV4;
    provider.auth_source = "AWS credential chain";
  }
}

void configure_bedrock(Provider& provider, const Environment& environment) {
  choose_region(provider, environment);
  const std::string_view domain = provider.region.starts_with("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  choose_base_url(provider, environment, "ANTHROPIC_BEDROCK_BASE_URL",
                  fmt::format("https://bedrock-runtime.{}.{}", provider.region, domain));
  provider.service_tier = trim(environment.get("ANTHROPIC_BEDROCK_SERVICE_TIER"));
  if (environment.is_on("CLAUDE_CODE_SKIP_BEDROCK_AUTH")) {
    provider.auth_source = "CLAUDE_CODE_SKIP_BEDROCK_AUTH";
    if (environment.has("ANTHROPIC_AUTH_TOKEN"))
      take_secret(provider, environment, "ANTHROPIC_AUTH_TOKEN", AuthMethod::kBearer);
  } else if (environment.has("AWS_BEARER_TOKEN_BEDROCK")) {
    take_secret(provider, environment, "AWS_BEARER_TOKEN_BEDROCK", AuthMethod::kBearer);
  } else {
    provider.auth = AuthMethod::kSigV4;
    provider.auth_source = "AWS credential chain";
  }
}

void configure_foundry(Provider& provider, const Environment& environment) {
  const std::string resource(trim(environment.get("ANTHROPIC_FOUNDRY_RESOURCE")));
  choose_base_url(
      provider, environment, "ANTHROPIC_FOUNDRY_BASE_URL",
      resource.empty() ? "" : fmt::format("https://{}.services.ai.azure.com/anthropic", resource));
  if (provider.base_url.empty())
    provider.problem = "neither ANTHROPIC_FOUNDRY_RESOURCE nor ANTHROPIC_FOUNDRY_BASE_URL is set";
  if (environment.has("ANTHROPIC_FOUNDRY_AUTH_TOKEN")) {
    take_secret(provider, environment, "ANTHROPIC_FOUNDRY_AUTH_TOKEN", AuthMethod::kBearer);
  } else if (environment.has("ANTHROPIC_FOUNDRY_API_KEY")) {
    take_secret(provider, environment, "ANTHROPIC_FOUNDRY_API_KEY", AuthMethod::kApiKey);
  } else if (environment.is_on("CLAUDE_CODE_SKIP_FOUNDRY_AUTH")) {
    provider.auth_source = "CLAUDE_CODE_SKIP_FOUNDRY_AUTH";
  } else {
    provider.auth = AuthMethod::kEntra;
    provider.auth_source = "az account get-access-token";
  }
}

void configure_direct(Provider& provider, const Environment& environment) {
  choose_base_url(provider, environment, "ANTHROPIC_BASE_URL", std::string(kDirectBaseUrl));
  for (const auto& [variable, method] : {std::pair{"ANTHROPIC_AUTH_TOKEN", AuthMethod::kBearer},
                                         std::pair{"ANTHROPIC_API_KEY", AuthMethod::kApiKey}}) {
    if (provider.auth != AuthMethod::kNone || !environment.has(variable)) continue;
    take_secret(provider, environment, variable, method);
  }
}

Result<> check_base_url(const Provider& provider) {
  const auto url = net::parse_url(provider.base_url);
  if (url && url->query.empty()) return {};
  return fail(
      ErrorKind::kInvalidInput,
      fmt::format("{} is not a usable base URL: {}",
                  provider.base_url_source.empty() ? "The computed endpoint" : provider.base_url_source,
                  url ? "it has a query" : url.error().message),
      "Give an http or https URL, with a path if the proxy needs one.");
}

// What was pasted out of a document may carry characters that no header does. The value itself is not shown.
Result<> check_secret(const Provider& provider) {
  const std::string fault = provider.secret.empty() ? "" : describe_header_fault(provider.secret.expose());
  if (fault.empty()) return {};
  return fail(ErrorKind::kCredentials, fmt::format("Invalid {}: it has {}", provider.auth_source, fault),
              "Nothing was sent. Set it again, typed or copied without what surrounds it.");
}

}  // namespace

std::string_view to_string(ProviderKind kind) {
  switch (kind) {
    case ProviderKind::kAnthropicApi:
      return "Anthropic API";
    case ProviderKind::kClaudePlatformOnAws:
      return "Claude Platform on AWS";
    case ProviderKind::kBedrock:
      return "Amazon Bedrock";
    case ProviderKind::kFoundry:
      return "Microsoft Foundry";
    case ProviderKind::kMantle:
      return "Amazon Bedrock (Mantle)";
    case ProviderKind::kVertex:
      return "Google Cloud's Agent Platform";
  }
  return "unknown";
}

std::string_view to_string(AuthMethod method) {
  switch (method) {
    case AuthMethod::kSigV4:
      return "AWS credentials (SigV4)";
    case AuthMethod::kApiKey:
      return "API key";
    case AuthMethod::kBearer:
      return "bearer token";
    case AuthMethod::kEntra:
      return "Microsoft Entra ID";
    case AuthMethod::kNone:
      return "none";
  }
  return "none";
}

Provider choose_provider(const Environment& environment,
                         const std::optional<std::string>& sign_host_setting) {
  Provider provider;
  provider.reason = "no provider variable is set";
  for (const Switch& candidate : kSwitches) {
    if (!environment.is_on(candidate.variable)) continue;
    provider.kind = candidate.kind;
    provider.reason = fmt::format("{}={}", candidate.variable, environment.get(candidate.variable));
    break;
  }
  if (provider.kind == ProviderKind::kClaudePlatformOnAws)
    configure_aws(provider, environment, sign_host_setting);
  if (provider.kind == ProviderKind::kBedrock) configure_bedrock(provider, environment);
  if (provider.kind == ProviderKind::kFoundry) configure_foundry(provider, environment);
  if (provider.kind == ProviderKind::kAnthropicApi) configure_direct(provider, environment);
  return provider;
}

Result<> check(const Provider& provider) {
  switch (provider.kind) {
    case ProviderKind::kBedrock:
    case ProviderKind::kFoundry:
      if (!provider.problem.empty()) {
        return fail(ErrorKind::kInvalidInput, provider.problem,
                    fmt::format("{} is selected by {}. Nothing was sent.", to_string(provider.kind),
                                provider.reason));
      }
      AWL_CHECK(check_secret(provider));
      return check_base_url(provider);
    case ProviderKind::kMantle:
    case ProviderKind::kVertex:
      return fail(ErrorKind::kUnsupported,
                  fmt::format("{} is selected by {}, but this version of Awl does not serve it",
                              to_string(provider.kind), provider.reason),
                  "Unset that variable to use Claude Platform on AWS (CLAUDE_CODE_USE_ANTHROPIC_AWS=1) or "
                  "the Anthropic API. "
                  "Nothing was sent.");
    case ProviderKind::kAnthropicApi:
      if (provider.auth == AuthMethod::kNone) {
        return fail(
            ErrorKind::kCredentials, "No credentials for the Anthropic API",
            "Set ANTHROPIC_API_KEY, or set CLAUDE_CODE_USE_ANTHROPIC_AWS=1 to use Claude Platform on AWS.");
      }
      AWL_CHECK(check_secret(provider));
      return check_base_url(provider);
    case ProviderKind::kClaudePlatformOnAws:
      if (provider.workspace_id.empty()) {
        return fail(ErrorKind::kInvalidInput, "ANTHROPIC_AWS_WORKSPACE_ID is not set",
                    "Every request to Claude Platform on AWS names its workspace: export the id (wrkspc_…) "
                    "of yours.");
      }
      if (provider.workspace_id.find_first_of(" \t\r\n") != std::string::npos) {
        return fail(ErrorKind::kInvalidInput, "ANTHROPIC_AWS_WORKSPACE_ID holds white space",
                    "It is one word that begins with wrkspc_.");
      }
      AWL_CHECK(check_secret(provider));
      return check_base_url(provider);
  }
  return {};
}

}  // namespace awl::anthropic
