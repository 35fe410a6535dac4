#include "headless/control_desk.h"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "os/path.h"

namespace awl::headless {

namespace {

constexpr uint64_t kMaxReadBytes = 10 << 20;

json::Value parse_object(const std::string& text) {
  auto parsed = json::parse(text);
  return parsed ? std::move(*parsed) : json::Value::object();
}

std::string join_texts(const json::Value& list) {
  std::string text;
  for (const json::Value& part : list) {
    if (part.is_string() && !part.get<std::string>().empty())
      text += (text.empty() ? "" : "\n\n") + part.get<std::string>();
  }
  return text;
}

std::vector<agent::HookCallback> read_hooks(const json::Value& hooks) {
  std::vector<agent::HookCallback> callbacks;
  for (const auto& [event, groups] : hooks.items()) {
    if (!groups.is_array()) continue;
    for (const json::Value& group : groups) {
      agent::HookCallback callback{event, json::string_or_empty(group, "matcher"), {}, std::nullopt};
      if (const auto seconds = json::get_number(group, "timeout"); seconds && *seconds > 0)
        callback.timeout = std::chrono::milliseconds(static_cast<long long>(*seconds * 1000));
      callback.ids = json::strings_of(group, "hookCallbackIds");
      callbacks.push_back(std::move(callback));
    }
  }
  return callbacks;
}

}  // namespace

ControlDesk::ControlDesk(Executor executor, agent::Engine& engine, ControlChannel& channel,
                         std::string version, os::Path folder)
    : engine_(engine),
      controls_(engine.controls()),
      channel_(channel),
      version_(std::move(version)),
      folder_(std::move(folder)),
      tasks_(std::move(executor)) {}

void ControlDesk::take_request(const json::Value& message) {
  const std::string id = json::string_or_empty(message, "request_id");
  const json::Value* request = json::find(message, "request");
  const std::string subtype = request == nullptr ? "" : json::string_or_empty(*request, "subtype");
  bool known = request != nullptr;
  // What takes no time is answered before the next line is read.
  const Answer told = known ? serve_at_once(subtype, *request, known)
                            : Answer(fail(ErrorKind::kInvalidInput, "the control request holds no request"));
  if (request != nullptr && !known) {
    tasks_.spawn(answer(id, *request));
    return;
  }
  reply(id, told);
}

Task<> ControlDesk::answer(std::string id, json::Value request) {
  const auto told = co_await serve(json::string_or_empty(request, "subtype"), request);
  reply(id, told);
}

void ControlDesk::reply(const std::string& id, const Answer& told) {
  if (told) {
    channel_.answer(id, *told);
  } else {
    channel_.refuse(id, describe(told.error()));
  }
}

ControlDesk::Answer ControlDesk::serve_at_once(const std::string& subtype, const json::Value& request,
                                               bool& known) {
  const json::Value nothing = json::Value::object();
  if (subtype == "initialize") return introduce(request);
  if (subtype == "interrupt") {
    engine_.post(protocol::Interrupt{});
    return nothing;
  }
  if (subtype == "set_permission_mode") {
    const std::string mode = json::string_or_empty(request, "mode");
    AWL_CHECK(controls_.set_mode(mode));
    return json::Value{{"mode", mode}};
  }
  if (subtype == "set_model") {
    controls_.set_model(json::string_or_empty(request, "model"));
    return nothing;
  }
  if (subtype == "set_max_thinking_tokens") {
    const auto tokens = json::get_integer(request, "max_thinking_tokens");
    controls_.set_thinking(tokens ? std::optional<int64_t>(*tokens) : std::nullopt);
    return nothing;
  }
  if (subtype == "apply_flag_settings") {
    const json::Value* settings = json::find(request, "settings");
    const json::Value* model = settings == nullptr ? nullptr : json::find(*settings, "model");
    if (model != nullptr) controls_.set_model(model->is_string() ? model->get<std::string>() : "");
    return nothing;
  }
  if (subtype == "mcp_status") return json::Value{{"mcpServers", parse_object(controls_.mcp_status_json())}};
  if (subtype == "get_context_usage") return parse_object(controls_.context_usage_json());
  if (subtype == "get_session_cost" || subtype == "get_usage") return describe_cost();
  if (subtype == "get_binary_version") return json::Value{{"version", version_}};
  if (subtype == "get_settings")
    return json::Value{{"effective", nothing}, {"sources", json::Value::array()}};
  if (subtype == "read_file") return read_file(request);
  if (subtype == "rewind_files") {
    AWL_TRY(const std::string told,
            controls_.rewind_files(json::string_or_empty(request, "user_message_id"),
                                   json::get_bool(request, "dry_run").value_or(false)));
    return parse_object(told);
  }
  if (subtype == "register_repo_root") {
    AWL_CHECK(controls_.register_folder(json::string_or_empty(request, "directory")));
    return nothing;
  }
  if (subtype == "rename_session") {
    controls_.rename(json::string_or_empty(request, "title"));
    return nothing;
  }
  if (subtype == "cancel_async_message")
    return json::Value{
        {"cancelled", controls_.cancel_message(json::string_or_empty(request, "message_uuid"))}};
  // Nothing is kept of what the program read itself, and nothing changes by itself while it runs.
  if (subtype == "seed_read_state") return nothing;
  if (subtype == "background_tasks") return json::Value{{"backgrounded", false}};
  if (subtype == "reload_skills" || subtype == "reload_plugins") {
    const json::Value session = parse_object(controls_.describe_session_json());
    return json::Value{{"skills", session["commands"]},
                       {"commands", session["commands"]},
                       {"agents", session["agents"]},
                       {"plugins", json::Value::array()},
                       {"mcpServers", parse_object(controls_.mcp_status_json())},
                       {"error_count", 0}};
  }
  known = false;
  return nothing;
}

Task<ControlDesk::Answer> ControlDesk::serve(std::string subtype, json::Value request) {
  if (subtype.starts_with("mcp_")) {
    auto told = co_await serve_mcp(subtype, request);
    co_return told;
  }
  if (subtype == "stop_task") {
    const std::string id = json::string_or_empty(request, "task_id");
    const bool stopped = co_await controls_.stop_task(id);
    if (!stopped) co_return fail(ErrorKind::kNotFound, fmt::format("no task {} runs", id));
    co_return json::Value::object();
  }
  if (subtype == "side_question" || subtype == "generate_session_title") {
    const bool title = subtype == "generate_session_title";
    auto asked = co_await controls_.ask_aside(
        title ? "Answer with a title of three to seven words for a session about this, and nothing else."
              : "",
        json::string_or_empty(request, title ? "description" : "question"));
    AWL_CO_TRY(const std::string text, std::move(asked));
    co_return title ? json::Value{{"title", trim(text)}} : json::Value{{"response", text}};
  }
  co_return fail(
      ErrorKind::kUnsupported,
      fmt::format("The control request \"{}\" is not served by this version", subtype.substr(0, 100)));
}

Task<ControlDesk::Answer> ControlDesk::serve_mcp(const std::string& subtype, const json::Value& request) {
  const std::string name = json::string_or_empty(request, "serverName");
  if (subtype == "mcp_set_servers") {
    const json::Value* servers = json::find(request, "servers");
    const std::string told =
        co_await controls_.set_mcp_servers(servers == nullptr ? "{}" : json::dump(*servers));
    co_return parse_object(told);
  }
  if (subtype == "mcp_reconnect" || subtype == "mcp_toggle") {
    Result<> done;
    if (subtype == "mcp_reconnect") {
      done = co_await controls_.restart_mcp_server(name);
    } else {
      done = co_await controls_.enable_mcp_server(name, json::get_bool(request, "enabled").value_or(true));
    }
    if (!done) co_return std::unexpected(done.error());
    co_return json::Value::object();
  }
  if (subtype == "mcp_call") {
    const json::Value* arguments = json::find(request, "arguments");
    auto called = co_await controls_.call_mcp_tool_by_name(
        json::string_or_empty(request, "tool"), arguments == nullptr ? "{}" : json::dump(*arguments));
    AWL_CO_TRY(const std::string result, std::move(called));
    co_return parse_object(result);
  }
  co_return fail(ErrorKind::kUnsupported,
                 fmt::format("The control request \"{}\" is not served by this version", subtype));
}

ControlDesk::Answer ControlDesk::introduce(const json::Value& request) {
  agent::Introduction introduction;
  if (const json::Value* hooks = json::find(request, "hooks"); hooks != nullptr && hooks->is_object())
    introduction.hooks = read_hooks(*hooks);
  introduction.hosted_servers = json::strings_of(request, "sdkMcpServers");
  if (const json::Value* prompt = json::find(request, "systemPrompt"); prompt != nullptr) {
    if (prompt->is_array()) introduction.system_prompt = join_texts(*prompt);
    if (prompt->is_string()) introduction.system_prompt = prompt->get<std::string>();
  }
  introduction.append_system_prompt = json::string_or_empty(request, "appendSystemPrompt");
  introduction.plan_workflow = json::string_or_empty(request, "planModeInstructions");
  introduction.forward_subagent_text = json::get_bool(request, "forwardSubagentText").value_or(false);
  if (const json::Value* schema = json::find(request, "jsonSchema"); schema != nullptr && schema->is_object())
    introduction.output_schema_json = json::dump(*schema);
  if (const json::Value* agents = json::find(request, "agents"); agents != nullptr && agents->is_object()) {
    AWL_TRY(introduction.agents, extensions::parse_agents_json(*agents, "agents"));
  }
  AWL_CHECK(controls_.introduce(std::move(introduction)));
  if (const std::string title = json::string_or_empty(request, "title"); !title.empty())
    controls_.rename(title);
  json::Value told = parse_object(controls_.describe_session_json());
  told["pid"] = ::getpid();
  return told;
}

ControlDesk::Answer ControlDesk::read_file(const json::Value& request) const {
  const os::Path path = os::absolute_path(json::string_or_empty(request, "path"), folder_, folder_);
  const long long wanted =
      json::get_integer(request, "max_bytes").value_or(static_cast<long long>(kMaxReadBytes));
  AWL_TRY(std::string contents, os::read_file(path, kMaxReadBytes));
  json::Value told{{"absPath", path.string()}};
  if (wanted >= 0 && static_cast<size_t>(wanted) < contents.size()) {
    contents.resize(static_cast<size_t>(wanted));
    told["truncated"] = true;
  }
  const bool base64 = json::string_or_empty(request, "encoding") == "base64";
  if (base64) told["encoding"] = "base64";
  told["contents"] = base64 ? to_base64(contents) : to_utf8(contents);
  return told;
}

ControlDesk::Answer ControlDesk::describe_cost() const {
  const protocol::TurnEnded usage = controls_.usage();
  return json::Value{{"text", fmt::format("Total cost: ${:.4f}", usage.total_cost_usd)},
                     {"session", {{"total_cost_usd", usage.total_cost_usd}}},
                     {"subscription_type", nullptr},
                     {"rate_limits_available", false},
                     {"rate_limits", nullptr}};
}

Task<> ControlDesk::stop() {
  tasks_.cancel();
  co_await tasks_.join();
}

}  // namespace awl::headless
