#include "emulator/config_file.h"

#include <fmt/format.h>

#include "emulator/fault_file.h"
#include "emulator/node.h"

namespace awl::emulator {

namespace {

constexpr uint64_t kMaxConfigBytes = 16 << 20;
constexpr long long kYearSeconds = 31'536'000;

/// A principal's or a session's name, as IAM has them.
Result<std::string> read_name(const Node& node) {
  AWL_TRY(std::string name, node.text());
  constexpr std::string_view kCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-";
  if (name.empty() || name.size() > 64 || name.find_first_not_of(kCharacters) != std::string::npos)
    return node.expected("1 to 64 letters, digits or _+=,.@-");
  return name;
}

Result<std::map<std::string, std::string>> read_tags(const Node& node) {
  if (!node.value().is_object()) return node.expected("an object of strings");
  std::map<std::string, std::string> tags;
  for (const auto& item : node.value().items()) {
    AWL_TRY(tags[item.key()], node.child(item.key()).text());
  }
  return tags;
}

auto into(std::string& out) {
  return [&out](const Node& node) -> Result<> {
    AWL_TRY(out, node.text());
    return {};
  };
}

/// A list of secrets; none may be empty.
auto into(std::vector<Secret>& out) {
  return [&out](const Node& node) -> Result<> {
    return each_element(node, [&](const Node& element) -> Result<> {
      AWL_TRY(std::string text, element.text());
      if (text.empty()) return element.expected("a string that is not empty");
      out.emplace_back(std::move(text));
      return {};
    });
  };
}

class Reader {
 public:
  Reader(Config& config, os::Path folder, TimePoint now, std::vector<std::string>& warnings)
      : config_(config), folder_(std::move(folder)), now_(now), warnings_(warnings) {}

  Result<> read(const Node& node) {
    AWL_CHECK(node.object({"region", "account", "workspaces", "principals", "web_identity_federation",
                           "clock_offset_s", "source_ip", "scenario", "limits", "faults", "seed"}));
    AWL_CHECK(read_behaviour(node));
    AWL_CHECK(optional_field(node, "region", into(config_.region)));
    AWL_CHECK(optional_field(node, "account", into(config_.account)));
    AWL_CHECK(optional_field(node, "workspaces", [&](const Node& list) {
      return each_element(list, [&](const Node& workspace) { return read_workspace(workspace); });
    }));
    AWL_CHECK(optional_field(node, "principals", [&](const Node& list) {
      return each_element(list, [&](const Node& principal) { return read_principal(principal); });
    }));
    AWL_CHECK(optional_field(node, "web_identity_federation", [&](const Node& field) -> Result<> {
      AWL_TRY(config_.web_identity_federation, field.flag());
      return {};
    }));
    AWL_CHECK(optional_field(node, "clock_offset_s", [&](const Node& field) -> Result<> {
      AWL_TRY(const long long seconds, field.integer(-kYearSeconds, kYearSeconds));
      config_.clock_offset = std::chrono::seconds(seconds);
      return {};
    }));
    AWL_CHECK(optional_field(node, "source_ip", [&](const Node& field) -> Result<> {
      AWL_TRY(config_.source_ip, field.text());
      if (!parse_address_block(config_.source_ip) || config_.source_ip.contains('/'))
        return field.expected("an address such as 203.0.113.7");
      return {};
    }));
    return optional_field(node, "scenario", [&](const Node& field) -> Result<> {
      AWL_TRY(const std::string path, field.text());
      config_.scenario = (folder_ / path).string();
      return {};
    });
  }

 private:
  Result<> read_behaviour(const Node& node) {
    AWL_CHECK(optional_field(node, "limits", [&](const Node& field) -> Result<> {
      AWL_TRY(config_.limits, read_limits(field));
      return {};
    }));
    AWL_CHECK(optional_field(node, "faults", [&](const Node& field) -> Result<> {
      AWL_TRY(config_.faults, read_fault_rules(field));
      return {};
    }));
    return optional_field(node, "seed", [&](const Node& field) -> Result<> {
      AWL_TRY(const long long seed, field.integer(0, INT64_MAX));
      config_.seed = static_cast<uint64_t>(seed);
      return {};
    });
  }

  Result<> read_workspace(const Node& node) {
    if (node.value().is_string()) {
      config_.workspaces.push_back(node.value().get<std::string>());
      return {};
    }
    AWL_CHECK(node.object({"id", "region", "tags"}));
    AWL_TRY(const std::string id, node.required_text("id"));
    AWL_CHECK(optional_field(node, "tags", [&](const Node& field) -> Result<> {
      AWL_TRY(config_.workspace_tags[id], read_tags(field));
      return {};
    }));
    std::string region = config_.region;
    AWL_CHECK(optional_field(node, "region", into(region)));
    if (region == config_.region) {
      config_.workspaces.push_back(id);
    } else {
      config_.foreign_workspaces[id] = region;
    }
    return {};
  }

  Result<> read_principal(const Node& node) {
    AWL_CHECK(node.object(
        {"user", "role", "session", "tags", "policies", "access_keys", "api_keys", "bearer_tokens"}));
    Principal principal;
    AWL_CHECK(read_identity(node, principal));
    AWL_CHECK(optional_field(node, "tags", [&](const Node& field) -> Result<> {
      AWL_TRY(principal.tags, read_tags(field));
      return {};
    }));
    const auto policies = node.find("policies");
    if (!policies) return node.expected("a field \"policies\"; an empty list permits nothing");
    AWL_CHECK(each_element(*policies, [&](const Node& field) { return read_policy(field, principal); }));
    AWL_CHECK(optional_field(node, "access_keys", [&](const Node& list) {
      return each_element(list, [&](const Node& key) { return read_access_key(key, principal); });
    }));
    AWL_CHECK(optional_field(node, "api_keys", into(principal.api_keys)));
    AWL_CHECK(optional_field(node, "bearer_tokens", into(principal.bearer_tokens)));
    config_.principals.push_back(std::move(principal));
    return {};
  }

  static Result<> read_identity(const Node& node, Principal& principal) {
    const auto user = node.find("user");
    const auto role = node.find("role");
    if (user.has_value() == role.has_value()) return node.expected("either \"user\" or \"role\"");
    principal.kind = user ? Principal::Kind::kUser : Principal::Kind::kRole;
    AWL_TRY(principal.name, read_name(user ? *user : *role));
    const auto session = node.find("session");
    if (user && session) return session->expected("no session with a user; roles have one");
    principal.session = "session";
    if (!session) return {};
    AWL_TRY(principal.session, read_name(*session));
    return {};
  }

  Result<> read_policy(const Node& node, Principal& principal) {
    auto policy = policy_of(node);
    if (!policy) return std::unexpected(policy.error());
    warnings_.insert(warnings_.end(), policy->warnings.begin(), policy->warnings.end());
    principal.policies.push_back(std::move(*policy));
    return {};
  }

  Result<IamPolicy> policy_of(const Node& node) {
    if (node.value().is_object()) return read_iam_policy(node, node.place());
    if (!node.value().is_string())
      return node.expected("the name of a managed policy, a file, or a policy document");
    const auto text = node.value().get<std::string>();
    if (is_managed_iam_policy(text)) return managed_iam_policy(text);
    if (!text.contains('/') && !text.ends_with(".json")) {
      return node.wrong(fmt::format("\"{}\" is neither a managed policy nor a file (…/… or ….json)", text));
    }
    return load_iam_policy(folder_ / text);
  }

  Result<> read_access_key(const Node& node, Principal& principal) {
    AWL_CHECK(node.object({"id", "secret", "session_token", "lifetime_s"}));
    aws::Credentials key;
    AWL_TRY(key.access_key_id, node.required_text("id"));
    AWL_TRY(std::string secret, node.required_text("secret"));
    if (key.access_key_id.empty() || secret.empty())
      return node.expected("an id and a secret that are not empty");
    key.secret_access_key = Secret(std::move(secret));
    key.source = "configuration file";
    AWL_CHECK(optional_field(node, "session_token", [&](const Node& field) -> Result<> {
      AWL_TRY(std::string token, field.text());
      key.session_token = Secret(std::move(token));
      return {};
    }));
    AWL_CHECK(optional_field(node, "lifetime_s", [&](const Node& field) -> Result<> {
      AWL_TRY(const long long seconds, field.integer(0, kYearSeconds));
      if (key.session_token.empty()) return field.wrong("only keys with a session token expire");
      key.expiration = now_ + std::chrono::seconds(seconds);
      return {};
    }));
    if (principal.kind == Principal::Kind::kRole && key.session_token.empty())
      return node.expected("a session token: a role has temporary credentials alone");
    principal.access_keys.push_back(std::move(key));
    return {};
  }

  Config& config_;
  os::Path folder_;
  TimePoint now_;
  std::vector<std::string>& warnings_;
};

}  // namespace

Result<Config> parse_config(std::string text, const os::Path& file, Config base, TimePoint now,
                            std::vector<std::string>& warnings) {
  const JsonSource source{file.string(), std::move(text), "docs/emulator.md describes the format."};
  AWL_TRY(const json::Value root, parse_source(source));
  AWL_CHECK(Reader(base, file.parent_path(), now, warnings).read(Node(root, source)));
  return base;
}

Result<Config> load_config(const os::Path& file, Config base, TimePoint now,
                           std::vector<std::string>& warnings) {
  AWL_TRY(std::string text, os::read_file(file, kMaxConfigBytes));
  return parse_config(std::move(text), file, std::move(base), now, warnings);
}

}  // namespace awl::emulator
