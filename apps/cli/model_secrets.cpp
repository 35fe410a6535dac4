#include "cli/model_secrets.h"

#include <algorithm>
#include <string_view>

namespace awl::cli {

namespace {

constexpr std::string_view kModelSecrets[] = {"ANTHROPIC_AWS_API_KEY",
                                              "ANTHROPIC_AUTH_TOKEN",
                                              "ANTHROPIC_API_KEY",
                                              "ANTHROPIC_CUSTOM_HEADERS",
                                              "ANTHROPIC_FOUNDRY_API_KEY",
                                              "AWS_BEARER_TOKEN_BEDROCK",
                                              "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE"};

// Also files and endpoints that give credentials to whoever asks.
constexpr std::string_view kCloudCredentials[] = {
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CODE_OAUTH_REFRESH_TOKEN",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_OAUTH_ACCESS_TOKEN",
    "CLOUDSDK_AUTH_ACCESS_TOKEN",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_PASSWORD",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_RUNTIME_TOKEN",
};

}  // namespace

void wipe_secrets(char** entries, bool clouds_too) {
  for (; entries != nullptr && *entries != nullptr; ++entries) {
    const std::string_view entry = *entries;
    const std::string_view name = entry.substr(0, entry.find('='));
    const bool secret =
        std::ranges::find(kModelSecrets, name) != std::end(kModelSecrets) ||
        (clouds_too && std::ranges::find(kCloudCredentials, name) != std::end(kCloudCredentials));
    if (secret && name.size() < entry.size())
      std::fill(*entries + name.size() + 1, *entries + entry.size(), ' ');
  }
}

void unset_model_secrets(Environment& environment) {
  for (const std::string_view name : kModelSecrets) environment.unset(name);
}

void unset_cloud_credentials(Environment& environment) {
  unset_model_secrets(environment);
  for (const std::string_view name : kCloudCredentials) environment.unset(name);
  // Actions hand their inputs down as variables, under the same names.
  for (const std::string_view name : kModelSecrets) environment.unset("INPUT_" + std::string(name));
}

}  // namespace awl::cli
