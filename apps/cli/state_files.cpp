#include "cli/state_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/uuid.h"
#include "crypto/sha256.h"
#include "json/json.h"

namespace awl::cli {

namespace {

constexpr size_t kDeviceIdBytes = 32;
constexpr uint64_t kMaxDeviceFileBytes = 1'000;
constexpr uint64_t kMaxModelFileBytes = 4 << 20;
constexpr uint32_t kPrivateFile = 0600;
constexpr uint32_t kPrivateFolder = 0700;

bool is_device_id(std::string_view text) {
  return text.size() == 2 * kDeviceIdBytes && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// What the list depends on: another workspace may be offered other models.
json::Value key_of(const anthropic::Provider& provider) {
  return {{"base_url", provider.base_url}, {"workspace", provider.workspace_id}, {"region", provider.region}};
}

os::Path models_file(const os::Path& state_dir, const anthropic::Provider& provider) {
  constexpr size_t kNameLength = 16;
  const std::string digest = crypto::sha256_hex(json::dump(key_of(provider)));
  return state_dir / fmt::format("models-{}.json", digest.substr(0, kNameLength));
}

constexpr std::string_view kUpstreamsFile = "upstreams.json";
constexpr std::chrono::hours kUpstreamLife{24 * 30};

json::Value read_upstreams(const os::Path& state_dir) {
  const auto text = os::read_file(state_dir / kUpstreamsFile, kMaxModelFileBytes);
  if (!text) return json::Value::object();
  auto root = json::parse(*text);
  return root && root->is_object() ? std::move(*root) : json::Value::object();
}

bool is_remembered(TimePoint since, TimePoint now) { return since <= now && now - since < kUpstreamLife; }

}  // namespace

os::Path state_dir(const Environment& environment, const os::Path& home) {
  const os::Path configured = environment.get("XDG_STATE_HOME");
  // The specification has relative paths ignored.
  return (configured.is_absolute() ? configured : home / ".local" / "state") / "awl";
}

os::Path mcp_logins_file(const Environment& environment, const os::Path& home) {
  return state_dir(environment, home) / "mcp-logins.json";
}

os::Path trust_file(const Environment& environment, const os::Path& home) {
  return state_dir(environment, home) / "trust.json";
}

std::string load_device_id(const os::Path& state_dir) {
  const os::Path path = state_dir / "device-id";
  if (const auto text = os::read_file(path, kMaxDeviceFileBytes)) {
    const std::string_view id = trim(*text);
    if (is_device_id(id)) return std::string(id);
  }
  std::string id = random_hex(kDeviceIdBytes);
  // Without it, requests cannot be told apart for longer than this session; nothing else depends on it.
  if (os::make_directories(state_dir, kPrivateFolder))
    static_cast<void>(os::write_file_atomic(path, id + "\n", kPrivateFile));
  return id;
}

std::optional<KnownModels> load_models(const os::Path& state_dir, const anthropic::Provider& provider) {
  const auto text = os::read_file(models_file(state_dir, provider), kMaxModelFileBytes);
  if (!text) return std::nullopt;
  const auto root = json::parse(*text);
  if (!root) return std::nullopt;
  const json::Value* key = json::find(*root, "for");
  if (key == nullptr || *key != key_of(provider)) return std::nullopt;
  auto page = anthropic::parse_model_page(*root);
  const auto fetched_at = json::get_integer(*root, "fetched_at_ms");
  if (!page || page->models.empty() || !fetched_at) return std::nullopt;
  return KnownModels{std::move(page->models), TimePoint(std::chrono::milliseconds(*fetched_at))};
}

Result<> store_models(const os::Path& state_dir, const anthropic::Provider& provider,
                      const KnownModels& models) {
  json::Value root{{"for", key_of(provider)},
                   {"fetched_at_ms", models.fetched_at.time_since_epoch().count()},
                   {"data", json::Value::array()}};
  for (const anthropic::ListedModel& model : models.list) root["data"].push_back(to_json(model));
  AWL_CHECK(os::make_directories(state_dir, kPrivateFolder));
  return os::write_file_atomic(models_file(state_dir, provider), json::dump(root) + "\n", kPrivateFile);
}

anthropic::Features load_left_out(const os::Path& state_dir, const std::string& base_url, TimePoint now) {
  anthropic::Features features;
  const auto known = read_upstreams(state_dir);
  const json::Value* entry = json::find(known, base_url);
  if (entry == nullptr || !entry->is_object()) return features;
  for (const auto& [feature, since] : entry->items()) {
    if (since.is_number_integer() &&
        is_remembered(TimePoint(std::chrono::milliseconds(since.get<int64_t>())), now))
      features.insert(feature);
  }
  return features;
}

Result<> store_left_out(const os::Path& state_dir, const std::string& base_url,
                        const std::vector<std::string>& features, TimePoint now) {
  json::Value known = read_upstreams(state_dir);
  json::Value& entry = known[base_url];
  if (!entry.is_object()) entry = json::Value::object();
  for (const std::string& feature : features) entry[feature] = now.time_since_epoch().count();
  AWL_CHECK(os::make_directories(state_dir, kPrivateFolder));
  return os::write_file_atomic(state_dir / kUpstreamsFile, json::dump(known) + "\n", kPrivateFile);
}

bool is_fresh(const KnownModels& models, TimePoint now) {
  return models.fetched_at <= now && now - models.fetched_at < kModelListLife;
}

}  // namespace awl::cli
