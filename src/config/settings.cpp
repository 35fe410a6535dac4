#include "config/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "config/source_reader.h"

namespace awl::config {

bool is_reserved_variable(std::string_view name) {
  static constexpr std::array<std::string_view, 10> kPrefixes{
      "ANTHROPIC_", "AWS_",  "CLAUDE_CODE_USE_",   "CLAUDE_CODE_SKIP_", "AWL_", "LD_", "DYLD_",
      "GIT_",       "OTEL_", "CLAUDE_CODE_CLIENT_"};
  static constexpr std::array<std::string_view, 20> kNames{"HTTP_PROXY",
                                                           "HTTPS_PROXY",
                                                           "ALL_PROXY",
                                                           "NO_PROXY",
                                                           "NODE_EXTRA_CA_CERTS",
                                                           "SSL_CERT_FILE",
                                                           "SSL_CERT_DIR",
                                                           "NODE_OPTIONS",
                                                           "PATH",
                                                           "HOME",
                                                           "BASH_ENV",
                                                           "ENV",
                                                           "PAGER",
                                                           "EDITOR",
                                                           "VISUAL",
                                                           "CLAUDE_CONFIG_DIR",
                                                           "CLAUDE_ENV_FILE",
                                                           "CLAUDE_CODE_SHELL",
                                                           "CLAUDE_CODE_SHELL_PREFIX",
                                                           "CLAUDE_CODE_CERT_STORE"};
  const auto is_prefix = [name](std::string_view prefix) { return name.starts_with(prefix); };
  const auto is_name = [name](std::string_view other) { return equals_ignore_case(name, other); };
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), is_prefix) ||
         std::any_of(kNames.begin(), kNames.end(), is_name);
}

namespace {

// The managed settings are read last; this lock of theirs is about what is read before.
bool has_mcp_lock(const SettingsSource& source) {
  if (source.scope != Scope::kManaged) return false;
  const auto root = json::parse(source.contents);
  const json::Value* lock = root ? json::find(*root, "allowManagedMcpServersOnly") : nullptr;
  // One that is written wrongly holds until it is put right.
  return lock != nullptr && (!lock->is_boolean() || lock->get<bool>());
}

}  // namespace

Settings merge_settings(const std::vector<SettingsSource>& sources, bool trusted) {
  Settings settings;
  settings.managed_mcp_servers_only = std::ranges::any_of(sources, has_mcp_lock);
  const auto read = [&settings, trusted](const SettingsSource& source) {
    const auto root = json::parse(source.contents);
    if (!root || !root->is_object()) {
      settings.has_rejected_file = settings.cleanup_is_unsure = true;
      settings.problems.push_back(
          fmt::format("{}: {}; the file is not used", source.name,
                      root ? "the settings must be a JSON object" : root.error().message));
      return;
    }
    settings.sources.push_back(source.name);
    read_source(source, *root, trusted, settings);
  };
  for (const Scope scope : {Scope::kUser, Scope::kProject, Scope::kLocal, Scope::kFlag, Scope::kManaged}) {
    for (const SettingsSource& source : sources) {
      if (source.scope == scope) read(source);
    }
  }
  return settings;
}

Environment apply_env(const Environment& shell, const Settings& settings) {
  Environment merged = shell;
  for (const auto& [name, value] : settings.env) merged.set(name, value);
  return merged;
}

}  // namespace awl::config
