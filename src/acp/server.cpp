#include "acp/server.h"

#include <fmt/format.h>

#include <algorithm>

#include "acp/prompt_blocks.h"

namespace awl::acp {

namespace {

constexpr int kProtocolVersion = 1;

// "env" and "headers" are lists of {name, value}.
json::Value by_name(const json::Value& object, std::string_view key) {
  json::Value map = json::Value::object();
  const json::Value* list = json::find(object, key);
  if (list == nullptr || !list->is_array()) return map;
  for (const json::Value& entry : *list)
    map[json::string_or_empty(entry, "name")] = json::string_or_empty(entry, "value");
  return map;
}

// The servers of the editor as configuration files write them; empty: there are none.
std::string to_mcp_config(const json::Value& params) {
  const json::Value* servers = json::find(params, "mcpServers");
  if (servers == nullptr || !servers->is_array() || servers->empty()) return "";
  json::Value config = json::Value::object();
  for (const json::Value& server : *servers) {
    const std::string type = json::string_or_empty(server, "type");
    json::Value written{{"type", type.empty() ? "stdio" : type}};
    if (type.empty()) {
      written["command"] = json::string_or_empty(server, "command");
      written["args"] = json::strings_of(server, "args");
      written["env"] = by_name(server, "env");
    } else {
      written["url"] = json::string_or_empty(server, "url");
      written["headers"] = by_name(server, "headers");
    }
    config[json::string_or_empty(server, "name")] = std::move(written);
  }
  return json::dump({{"mcpServers", config}});
}

json::Value modes_of(const OpenedSession& session) {
  json::Value modes = json::Value::array();
  for (const std::string& mode : session.modes) modes.push_back({{"id", mode}, {"name", mode}});
  return {{"currentModeId", session.mode}, {"availableModes", modes}};
}

}  // namespace

Server::Server(const Executor& executor, rpc::JsonRpc::Write write, std::string version, OpenSession open)
    : executor_(executor),
      version_(std::move(version)),
      open_(std::move(open)),
      rpc_(executor, std::move(write),
           [this](std::string method, json::Value params) {
             return handle(std::move(method), std::move(params));
           }),
      tasks_(executor) {}

json::Value Server::initialize() const {
  return {{"protocolVersion", kProtocolVersion},
          {"agentInfo", {{"name", "awl"}, {"title", "Awl"}, {"version", version_}}},
          {"agentCapabilities",
           {{"loadSession", true},
            {"promptCapabilities", {{"image", true}, {"audio", false}, {"embeddedContext", true}}},
            {"mcpCapabilities", {{"http", true}, {"sse", true}}}}},
          // Credentials are AWS's, or a key: `awl status` says which.
          {"authMethods", json::Value::array()}};
}

Result<AcpSession*> Server::find(const json::Value& params) const {
  const std::string id = json::string_or_empty(params, "sessionId");
  const auto found =
      std::ranges::find_if(sessions_, [&id](const auto& entry) { return entry->opened.id == id; });
  if (found == sessions_.end())
    return fail(ErrorKind::kInvalidInput, fmt::format("there is no session \"{}\" here", id));
  return (*found)->session.get();
}

Result<json::Value> Server::open(const json::Value& params, bool load) {
  SessionWish wish{.folder = json::string_or_empty(params, "cwd"),
                   .more_folders = json::strings_of(params, "additionalDirectories"),
                   .mcp_config_json = to_mcp_config(params),
                   .load = load ? json::string_or_empty(params, "sessionId") : ""};
  if (!wish.folder.is_absolute() || !os::is_folder(wish.folder))
    return fail(ErrorKind::kInvalidInput,
                fmt::format("`cwd` \"{}\" is no absolute folder", wish.folder.string()));
  if (load && find(params)) return fail(ErrorKind::kInvalidInput, "that session is open already");
  auto entry = std::make_unique<Entry>();
  entry->session = std::make_unique<AcpSession>(executor_, rpc_);
  AWL_TRY(entry->opened, open_(wish, *entry->session));
  entry->session->begin(entry->opened.id, *entry->opened.engine);
  entry->session->replay(entry->opened.earlier);
  entry->opened.earlier.clear();
  tasks_.spawn(entry->session->run());
  json::Value answer{{"modes", modes_of(entry->opened)}};
  if (!load) answer["sessionId"] = entry->opened.id;
  sessions_.push_back(std::move(entry));
  return answer;
}

Task<Result<json::Value>> Server::handle(std::string method, json::Value params) {
  if (method == "initialize") co_return initialize();
  if (method == "authenticate") co_return json::Value::object();
  if (method == "session/new" || method == "session/load") {
    auto opened = open(params, method == "session/load");
    co_return opened;
  }
  if (method != "session/prompt" && method != "session/cancel" && method != "session/set_mode")
    co_return fail(ErrorKind::kUnsupported, fmt::format("there is no method {}", method));
  AWL_CO_TRY(AcpSession * session, find(params));
  if (method == "session/cancel") {
    session->cancel();
    co_return json::Value();
  }
  if (method == "session/set_mode") {
    AWL_CO_CHECK(session->set_mode(json::string_or_empty(params, "modeId")));
    co_return json::Value::object();
  }
  const json::Value* prompt = json::find(params, "prompt");
  AWL_CO_TRY(std::string content, to_message_content(prompt == nullptr ? json::Value() : *prompt));
  auto answered = co_await session->prompt(std::move(content));
  co_return answered;
}

Task<> Server::close() {
  co_await rpc_.close();
  for (const auto& entry : sessions_) entry->session->close();
  co_await tasks_.join();
  sessions_.clear();
}

}  // namespace awl::acp
