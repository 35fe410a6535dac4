#include "mcp/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "async/timeout.h"
#include "base/encoding.h"
#include "base/strings.h"
#include "mcp/revisions.h"
#include "mcp/tool_schema.h"

namespace awl::mcp {

namespace {

constexpr std::chrono::milliseconds kListLimit{30'000};
constexpr size_t kMaxPages = 100;
constexpr int kMethodNotFound = -32601;

std::string to_message(json::Value fields) {
  json::Value message{{"jsonrpc", "2.0"}};
  message.update(fields);
  return json::dump(message);
}

ToolInfo read_tool(const json::Value& written) {
  ToolInfo tool;
  tool.name = json::string_or_empty(written, "name");
  tool.description = json::string_or_empty(written, "description");
  const json::Value* schema = json::find(written, "inputSchema");
  tool.input_schema = schema == nullptr ? json::Value::object() : *schema;
  if (const json::Value* hints = json::find(written, "annotations"))
    tool.read_only = json::get_bool(*hints, "readOnlyHint").value_or(false);
  if (const json::Value* meta = json::find(written, "_meta")) {
    tool.always_load = json::get_bool(*meta, "anthropic/alwaysLoad").value_or(false);
    tool.needs_person = json::get_bool(*meta, "anthropic/requiresUserInteraction").value_or(false);
    tool.max_result_chars = static_cast<size_t>(
        std::clamp(json::get_integer(*meta, "anthropic/maxResultSizeChars").value_or(0), 0LL, 500'000LL));
  }
  return tool;
}

PromptInfo read_prompt(const json::Value& written) {
  PromptInfo prompt{
      json::string_or_empty(written, "name"), json::string_or_empty(written, "description"), {}};
  if (const json::Value* arguments = json::find(written, "arguments");
      arguments != nullptr && arguments->is_array()) {
    for (const json::Value& argument : *arguments)
      prompt.arguments.push_back(json::string_or_empty(argument, "name"));
  }
  return prompt;
}

// What was accepted without a value has the one that the schema proposes (SEP-1034).
void fill_in_defaults(const json::Value& params, json::Value& answer) {
  const json::Value* schema = json::find(params, "requestedSchema");
  const json::Value* properties = schema == nullptr ? nullptr : json::find(*schema, "properties");
  if (properties == nullptr || !properties->is_object() ||
      json::string_or_empty(answer, "action") != "accept")
    return;
  json::Value& content = answer["content"];
  if (!content.is_object()) content = json::Value::object();
  for (const auto& [name, property] : properties->items()) {
    const json::Value* proposed = json::find(property, "default");
    if (proposed != nullptr && !content.contains(name)) content[name] = *proposed;
  }
}

}  // namespace

Client::Client(Executor executor, std::unique_ptr<Transport> transport, ClientOptions options)
    : executor_(executor),
      transport_(std::move(transport)),
      options_(std::move(options)),
      answered_(executor),
      tasks_(executor) {}

Client::~Client() = default;

Task<Result<>> Client::connect() {
  TransportEvents events;
  events.on_message = [this](const std::string& text) { on_message(text); };
  events.is_waiting = [this](int64_t id) {
    const auto found = waiting_.find(id);
    return found != waiting_.end() && !found->second->answer;
  };
  events.on_failed = [this](int64_t id, Error error) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end() || found->second->answer) return;
    found->second->answer = std::unexpected(std::move(error));
    answered_.notify_all();
  };
  events.on_closed = [this](const Error& error) { fail_all(error); };
  auto opened = co_await transport_->open(std::move(events));
  AWL_CO_CHECK(std::move(opened));
  auto met = co_await shake_hands();
  AWL_CO_CHECK(std::move(met));
  auto listed = co_await list_all();
  AWL_CO_CHECK(std::move(listed));
  open_ = true;
  co_return Result<>();
}

Task<Result<>> Client::shake_hands() {
  json::Value capabilities{{"roots", json::Value::object()}, {"elicitation", json::Value::object()}};
  json::Value params{{"protocolVersion", kRevisions.front()},
                     {"capabilities", std::move(capabilities)},
                     {"clientInfo", {{"name", options_.client_name}, {"version", options_.client_version}}}};
  auto asked = co_await request("initialize", std::move(params), options_.start_limit);
  AWL_CO_TRY(const json::Value told, std::move(asked));
  const std::string revision = json::string_or_empty(told, "protocolVersion");
  if (std::ranges::find(kRevisions, revision) == kRevisions.end()) {
    co_return fail(ErrorKind::kParse,
                   fmt::format("it speaks the protocol's revision {}, which is not known here", revision));
  }
  if (const json::Value* capable = json::find(told, "capabilities")) capabilities_ = *capable;
  if (const json::Value* info = json::find(told, "serverInfo")) {
    server_name_ = json::string_or_empty(*info, "name");
    server_version_ = json::string_or_empty(*info, "version");
  }
  instructions_ = json::string_or_empty(told, "instructions");
  has_resources_ = json::find(capabilities_, "resources") != nullptr;
  transport_->send(to_message({{"method", "notifications/initialized"}}), std::nullopt);
  transport_->on_initialized(revision);
  co_return Result<>();
}

Task<Result<>> Client::list_all() {
  if (json::find(capabilities_, "tools") != nullptr) {
    auto tools = co_await list("tools/list", "tools");
    AWL_CO_TRY(const std::vector<json::Value> found, std::move(tools));
    tools_.clear();
    for (const json::Value& tool : found) tools_.push_back(read_tool(tool));
  }
  // Without its prompts a server still serves.
  if (json::find(capabilities_, "prompts") != nullptr) co_await refresh_prompts();
  co_return Result<>();
}

// All pages of a list.
Task<Result<std::vector<json::Value>>> Client::list(std::string method, std::string key) {
  std::vector<json::Value> items;
  std::string cursor;
  for (size_t page = 0; page < kMaxPages; ++page) {
    json::Value params = json::Value::object();
    if (!cursor.empty()) params["cursor"] = cursor;
    auto asked = co_await request(method, std::move(params), kListLimit);
    AWL_CO_TRY(const json::Value told, std::move(asked));
    if (const json::Value* found = json::find(told, key); found != nullptr && found->is_array())
      items.insert(items.end(), found->begin(), found->end());
    cursor = json::string_or_empty(told, "nextCursor");
    if (cursor.empty()) break;
  }
  co_return items;
}

// A list that cannot be had now leaves what was known.
Task<> Client::refresh_tools() {
  const auto found = co_await list("tools/list", "tools");
  if (!found) co_return;
  tools_.clear();
  for (const json::Value& tool : *found) tools_.push_back(read_tool(tool));
  if (options_.on_changed) options_.on_changed();
}

Task<> Client::refresh_prompts() {
  const auto found = co_await list("prompts/list", "prompts");
  if (!found) co_return;
  prompts_.clear();
  for (const json::Value& prompt : *found) prompts_.push_back(read_prompt(prompt));
  if (open_ && options_.on_changed) options_.on_changed();
}

Task<Result<json::Value>> Client::request(std::string method, json::Value params,
                                          std::chrono::milliseconds limit) {
  if (closed_by_) co_return std::unexpected(*closed_by_);
  const int64_t id = ++last_id_;
  auto waiting = std::make_shared<Waiting>();
  waiting_[id] = waiting;
  // Whoever leaves without an answer wants none any more.
  const auto leave = [this, waiting, id](void*) {
    waiting_.erase(id);
    if (!waiting->answer && !closed_by_ && transport_ != nullptr) {
      transport_->send(to_message({{"method", "notifications/cancelled"}, {"params", {{"requestId", id}}}}),
                       std::nullopt);
    }
  };
  const std::unique_ptr<void, decltype(leave)> at_end(this, leave);
  const bool has_params = !params.is_null();
  json::Value fields{{"id", id}, {"method", method}};
  if (has_params) fields["params"] = std::move(params);
  transport_->send(to_message(std::move(fields)), id);
  const auto wait = [](async::Event& answered, Waiting& for_this) -> Task<> {
    while (!for_this.answer) co_await answered.wait();
  };
  auto waited = wait(answered_, *waiting);
  const bool ended = co_await async::finish_within(std::move(waited), limit);
  if (!ended) {
    co_return fail(ErrorKind::kTimeout, fmt::format("it did not answer {} within {:g} s", method,
                                                    static_cast<double>(limit.count()) / 1000));
  }
  co_return *waiting->answer;
}

void Client::on_message(const std::string& text) {
  const auto message = json::parse(text);
  if (!message) return;
  // Some revisions know batches.
  if (message->is_array()) {
    for (const json::Value& part : *message) on_message(json::dump(part));
    return;
  }
  const std::string method = json::string_or_empty(*message, "method");
  const json::Value* id = json::find(*message, "id");
  if (method.empty()) return on_answer(*message);
  if (id == nullptr || id->is_null()) return on_notification(method);
  on_request(*message);
}

void Client::on_answer(const json::Value& message) {
  const auto found = waiting_.find(json::get_integer(message, "id").value_or(-1));
  if (found == waiting_.end() || found->second->answer) return;
  if (const json::Value* error = json::find(message, "error"); error != nullptr && !error->is_null()) {
    found->second->answer = fail(ErrorKind::kApi, json::string_or_empty(*error, "message"));
  } else {
    const json::Value* result = json::find(message, "result");
    found->second->answer = result == nullptr ? json::Value::object() : *result;
  }
  answered_.notify_all();
}

void Client::answer(const json::Value& id, json::Value result) {
  transport_->send(to_message({{"id", id}, {"result", std::move(result)}}), std::nullopt);
}

void Client::on_request(const json::Value& message) {
  const std::string method = json::string_or_empty(message, "method");
  const json::Value& id = *json::find(message, "id");
  if (method == "ping") return answer(id, json::Value::object());
  if (method == "roots/list") {
    json::Value roots = json::Value::array();
    for (const os::Path& root : options_.roots)
      roots.push_back(
          {{"uri", "file://" + percent_encode(root.string(), "/")}, {"name", root.filename().string()}});
    return answer(id, {{"roots", std::move(roots)}});
  }
  if (method == "elicitation/create") {
    const json::Value* params = json::find(message, "params");
    tasks_.spawn(answer_elicitation(id, params == nullptr ? json::Value::object() : *params));
    return;
  }
  const std::string what = method == "sampling/createMessage"
                               ? "this client makes no model calls for servers"
                               : fmt::format("there is no method {} here", method);
  transport_->send(to_message({{"id", id}, {"error", {{"code", kMethodNotFound}, {"message", what}}}}),
                   std::nullopt);
}

Task<> Client::answer_elicitation(json::Value id, json::Value params) {
  json::Value answer_json{{"action", "cancel"}};
  if (options_.elicit) {
    const std::string told = co_await options_.elicit(json::dump(params));
    auto parsed = json::parse(told);
    if (parsed && parsed->is_object()) answer_json = std::move(*parsed);
  }
  fill_in_defaults(params, answer_json);
  answer(id, std::move(answer_json));
}

void Client::on_notification(const std::string& method) {
  if (method == "notifications/tools/list_changed") tasks_.spawn(refresh_tools());
  if (method == "notifications/prompts/list_changed") tasks_.spawn(refresh_prompts());
}

void Client::fail_all(const Error& error) {
  if (closed_by_) return;
  closed_by_ = error;
  const bool was_open = std::exchange(open_, false);
  for (auto& [id, waiting] : waiting_) {
    if (!waiting->answer) waiting->answer = std::unexpected(error);
  }
  answered_.notify_all();
  if (was_open && options_.on_closed) options_.on_closed(error);
}

Task<> Client::close() {
  open_ = false;
  options_.on_closed = {};
  options_.on_changed = {};
  tasks_.cancel();
  co_await tasks_.join();
  co_await transport_->close();
}

}  // namespace awl::mcp
