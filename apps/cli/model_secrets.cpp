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

}  // namespace

void wipe_model_secrets(char** entries) {
  for (; entries != nullptr && *entries != nullptr; ++entries) {
    const std::string_view entry = *entries;
    for (const std::string_view name : kModelSecrets) {
      if (!entry.starts_with(name) || entry.size() <= name.size() || entry[name.size()] != '=') continue;
      const size_t begin = name.size() + 1;
      std::fill(*entries + begin, *entries + entry.size(), ' ');
    }
  }
}

void unset_model_secrets(Environment& environment) {
  for (const std::string_view name : kModelSecrets) environment.unset(name);
}

}  // namespace awl::cli
