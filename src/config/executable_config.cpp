#include "config/executable_config.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "crypto/sha256.h"
#include "json/json.h"

namespace awl::config {

namespace {

constexpr uint64_t kMaxBytes = 2 << 20;
constexpr std::string_view kHelpers[] = {"apiKeyHelper",     "awsAuthRefresh", "awsCredentialExport",
                                         "fileSuggestion",   "statusLine",     "subagentStatusLine",
                                         "otelHeadersHelper"};

void add(std::string label, std::string text, std::vector<ExecutableItem>& items) {
  std::string digest = crypto::sha256_hex(text);
  items.push_back({std::move(label), std::move(text), std::move(digest)});
}

void add_members(const json::Value& root, std::string_view key, std::string_view kind, std::string_view file,
                 std::vector<ExecutableItem>& items) {
  const json::Value* object = json::find(root, key);
  if (object == nullptr || !object->is_object()) return;
  for (const auto& [name, value] : object->items())
    add(fmt::format("{} {} of {}", kind, name, file), json::dump(value), items);
}

}  // namespace

std::vector<ExecutableItem> find_executable_config(const Locations& locations) {
  std::vector<ExecutableItem> items;
  std::vector<os::Path> files{locations.project_dir / ".claude/settings.json"};
  files.insert(files.end(), locations.local_settings.begin(), locations.local_settings.end());
  files.push_back(locations.project_dir / ".mcp.json");
  for (const os::Path& path : files) {
    const std::string file = path.lexically_relative(locations.project_dir).string();
    const auto text = os::read_file(path, kMaxBytes);
    if (!text && text.error().kind == ErrorKind::kNotFound) continue;
    if (text && trim(*text).empty()) continue;
    const auto root = text ? json::parse(*text) : Result<json::Value>(std::unexpected(text.error()));
    if (!root) {
      add(file + ", which cannot be read", text.value_or(""), items);
      continue;
    }
    add_members(*root, "mcpServers", "the MCP server", file, items);
    add_members(*root, "hooks", "the hooks of", file, items);
    for (const std::string_view key : kHelpers) {
      if (const json::Value* helper = json::find(*root, key))
        add(fmt::format("{} of {}", key, file), json::dump(*helper), items);
    }
  }
  return items;
}

}  // namespace awl::config
