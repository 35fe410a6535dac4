#include "emulator/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "base/uuid.h"

namespace awl::emulator {

namespace {

constexpr std::string_view kDefaultWorkspace = "wrkspc_01AwlEmulator";
constexpr std::string_view kDefaultKeyId = "AKIDAWLEMULATOR";
// Known to everybody and good for nothing but an emulator on loopback.
constexpr std::string_view kDefaultSecret = "awl+emulator/not+a+real+secret+key/00001";

bool is_word(std::string_view text, std::string_view also) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || also.contains(c);
  });
}

std::string shell_quote(std::string_view text) {
  if (is_word(text, "_-./:+=@,")) return std::string(text);
  return "'" + replace_all(std::string(text), "'", "'\\''") + "'";
}

Result<> check(const Config& config) {
  if (!config.allow_remote && !is_loopback(config.address)) {
    return fail(ErrorKind::kInvalidInput, fmt::format("{} is not a loopback address", config.address),
                "Listening for other machines needs --allow-remote; give your own --access-key with it.");
  }
  if (!is_word(config.region, "-")) {
    return fail(ErrorKind::kInvalidInput, fmt::format("\"{}\" is not a region", config.region),
                "Give one such as us-east-1.");
  }
  for (const std::string& workspace : config.workspaces) {
    if (!workspace.starts_with("wrkspc_") || !is_word(workspace.substr(7), "")) {
      return fail(ErrorKind::kInvalidInput, fmt::format("\"{}\" is not a workspace id", workspace),
                  "They are wrkspc_ followed by letters and digits.");
    }
  }
  if (config.account.size() != 12 || !parse_integer(config.account)) {
    return fail(ErrorKind::kInvalidInput, fmt::format("\"{}\" is not an account id", config.account),
                "They have 12 digits.");
  }
  if (!config.upstream.url.empty()) {
    AWL_CHECK(check_upstream(config.upstream));
    if (!config.replay_file.empty())
      return fail(ErrorKind::kInvalidInput, "--replay and --upstream cannot be given together");
  }
  return {};
}

/// One access key id or secret belongs to one principal.
Result<> check_principals(const Config& config) {
  std::set<std::string> seen;
  const auto add = [&](const std::string& id) -> Result<> {
    if (seen.insert(id).second) return {};
    return fail(ErrorKind::kInvalidInput, "the same credentials are given twice",
                "An access key id, API key or bearer token belongs to one principal.");
  };
  for (const aws::Credentials& key : config.access_keys) AWL_CHECK(add("key " + key.access_key_id));
  for (const Secret& key : config.api_keys) AWL_CHECK(add("api " + key.expose()));
  for (const Principal& principal : config.principals) {
    for (const aws::Credentials& key : principal.access_keys) AWL_CHECK(add("key " + key.access_key_id));
    for (const Secret& key : principal.api_keys) AWL_CHECK(add("api " + key.expose()));
    for (const Secret& token : principal.bearer_tokens) AWL_CHECK(add("bearer " + token.expose()));
  }
  return {};
}

/// The first secret that a person could use, for the banner.
struct Usable {
  const aws::Credentials* access_key = nullptr;
  const Secret* api_key = nullptr;
  const Secret* bearer = nullptr;
};

Usable usable_credentials(const Config& config) {
  Usable usable;
  const auto take = [&](const auto& keys, const auto& api_keys, const auto& bearer_tokens) {
    if (usable.access_key != nullptr || usable.api_key != nullptr || usable.bearer != nullptr) return;
    if (!keys.empty()) usable.access_key = &keys.front();
    if (!api_keys.empty()) usable.api_key = &api_keys.front();
    if (!bearer_tokens.empty()) usable.bearer = &bearer_tokens.front();
  };
  take(config.access_keys, config.api_keys, config.bearer_tokens);
  for (const Principal& principal : config.principals)
    take(principal.access_keys, principal.api_keys, principal.bearer_tokens);
  return usable;
}

/// Who answers.
std::string answerer(const Config& config) {
  if (!config.replay_file.empty()) return "the exchanges recorded in " + config.replay_file;
  if (!config.upstream.url.empty()) return "whatever answers at " + config.upstream.url;
  return config.scenario.empty() ? "the built-in explorer" : "the scenario " + config.scenario;
}

Result<> load_policies(Config& config) {
  for (const std::string& text : config.policies) {
    AWL_TRY(IamPolicy policy, is_managed_iam_policy(text) ? managed_iam_policy(text) : load_iam_policy(text));
    config.command_line.policies.push_back(std::move(policy));
  }
  return {};
}

}  // namespace

const Principal* command_line_principal(const Config& config) {
  return config.policies.empty() ? nullptr : &config.command_line;
}

Result<aws::Credentials> parse_access_key(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, ':');
  const bool complete_parts = std::ranges::none_of(parts, [](std::string_view part) { return part.empty(); });
  if (parts.size() < 2 || parts.size() > 3 || !complete_parts) {
    return fail(ErrorKind::kInvalidInput, "an access key is not of the form ID:SECRET or ID:SECRET:TOKEN",
                "Example: --access-key AKIDEXAMPLE:some-secret");
  }
  if (!is_word(parts[0], "")) {
    return fail(ErrorKind::kInvalidInput, "an access key's id has characters other than letters and digits");
  }
  aws::Credentials credentials;
  credentials.access_key_id = std::string(parts[0]);
  credentials.secret_access_key = Secret(std::string(parts[1]));
  if (parts.size() == 3) credentials.session_token = Secret(std::string(parts[2]));
  credentials.source = "command line";
  return credentials;
}

Result<Config> complete(Config config, std::optional<std::chrono::seconds> token_lifetime, TimePoint now) {
  if (config.workspaces.empty()) config.workspaces.emplace_back(kDefaultWorkspace);
  AWL_CHECK(check(config));
  const bool has_tokens =
      std::ranges::any_of(config.access_keys, [](const auto& key) { return !key.session_token.empty(); });
  if (token_lifetime.has_value() && !has_tokens) {
    return fail(ErrorKind::kInvalidInput, "--token-lifetime needs an access key with a session token",
                "Add one: --access-key ID:SECRET:TOKEN");
  }
  for (aws::Credentials& key : config.access_keys) {
    if (token_lifetime.has_value() && !key.session_token.empty()) key.expiration = now + *token_lifetime;
  }
  AWL_CHECK(load_policies(config));
  AWL_CHECK(check_principals(config));
  config.started = now;
  const bool nobody = config.access_keys.empty() && config.api_keys.empty() && config.bearer_tokens.empty() &&
                      config.principals.empty();
  if (nobody && config.require_auth) {
    aws::Credentials made_up;
    made_up.access_key_id = std::string(kDefaultKeyId);
    made_up.secret_access_key =
        Secret(is_loopback(config.address) ? std::string(kDefaultSecret) : random_hex(20));
    made_up.source = "made up";
    config.access_keys.push_back(std::move(made_up));
  }
  return config;
}

bool is_loopback(std::string_view address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

std::string base_url(const Config& config, uint16_t port) {
  if (config.address == "0.0.0.0") return fmt::format("http://127.0.0.1:{}", port);
  if (config.address == "::") return fmt::format("http://[::1]:{}", port);
  if (config.address.contains(':')) return fmt::format("http://[{}]:{}", config.address, port);
  return fmt::format("http://{}:{}", config.address, port);
}

std::string banner(const Config& config, uint16_t port) {
  const std::string url = base_url(config, port);
  std::string text = fmt::format(
      "awl emulator: Claude Platform on AWS on this machine. Its model is scripted; it is not Claude.\n"
      "Model: {}\nListening on {}\n",
      answerer(config), url);
  if (!config.require_auth) text += "Credentials are not checked (--no-auth).\n";
  text += "\nTo use it, in another shell:\n\n";
  const auto line = [&](std::string_view name, std::string_view value) {
    text += fmt::format("export {}={}\n", name, shell_quote(value));
  };
  line("CLAUDE_CODE_USE_ANTHROPIC_AWS", "1");
  line("ANTHROPIC_AWS_WORKSPACE_ID", config.workspaces.front());
  line("ANTHROPIC_AWS_BASE_URL", url);
  line("AWS_REGION", config.region);
  const Usable usable = usable_credentials(config);
  if (!config.require_auth) {
    line("CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH", "1");
  } else if (usable.access_key != nullptr) {
    line("AWS_ACCESS_KEY_ID", usable.access_key->access_key_id);
    line("AWS_SECRET_ACCESS_KEY", usable.access_key->secret_access_key.expose());
    if (!usable.access_key->session_token.empty())
      line("AWS_SESSION_TOKEN", usable.access_key->session_token.expose());
  } else if (usable.api_key != nullptr) {
    line("ANTHROPIC_AWS_API_KEY", usable.api_key->expose());
  } else if (usable.bearer != nullptr) {
    line("CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH", "1");
    line("ANTHROPIC_AUTH_TOKEN", usable.bearer->expose());
  }
  return text + "\nStop it with Ctrl-C.\n";
}

}  // namespace awl::emulator
