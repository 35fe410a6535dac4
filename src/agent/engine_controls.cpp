// What a program that drives a session asks for.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/engine_impl.h"
#include "agent/permission_updates.h"
#include "base/strings.h"

namespace awl::agent {

Result<> EngineImpl::introduce(Introduction introduction) {
  for (const HookCallback& callback : introduction.hooks) {
    auto matcher = hooks::HookMatcher::parse(callback.matcher, false);
    if (!matcher) return std::unexpected(matcher.error());
    for (const std::string& id : callback.ids) {
      hooks::HookHandler handler;
      handler.type = hooks::HookHandler::Type::kCallback;
      handler.callback_id = id;
      handler.timeout = callback.timeout;
      handler.label = id;
      handler.source = "the program that drives this session";
      hooks_->runner().table().add_handler(callback.event, *matcher, std::move(handler));
    }
  }
  if (introduction.system_prompt) options_.system_prompt.replacement = std::move(introduction.system_prompt);
  if (!introduction.append_system_prompt.empty()) {
    std::string& appended = options_.system_prompt.appended;
    appended += (appended.empty() ? "" : "\n\n") + introduction.append_system_prompt;
  }
  plan_workflow_ = std::move(introduction.plan_workflow);
  if (introduction.forward_subagent_text) options_.forward_subagent_text = true;
  for (extensions::AgentDefinition& agent : introduction.agents) agent_types_.add(std::move(agent));
  if (!structured_output_.wanted) want_structured_output(introduction.output_schema_json);
  for (const std::string& name : introduction.hosted_servers) {
    mcp::ServerConfig config;
    config.name = name;
    config.kind = mcp::ServerConfig::Kind::kHosted;
    config.scope = "sdk";
    hosted_.push_back(name);
    mcp_->add(std::move(config));
  }
  if (!options_.pending_agent.empty()) return become_agent(std::exchange(options_.pending_agent, ""));
  return {};
}

Result<> EngineImpl::become_agent(const std::string& name) {
  const extensions::AgentDefinition* type = agent_types_.find(name);
  if (type == nullptr) return fail(ErrorKind::kNotFound, fmt::format("there is no agent named {}", name));
  options_.system_prompt.agent = type->prompt;
  options_.system_prompt.replacement.reset();
  if (type->tools) tools_.restrict_to(*type->tools);
  runner_.change_rules([type](permission::Rules& rules) { deny_tools_of(*type, rules); });
  if (type->max_turns > 0 && options_.max_turns == 0) options_.max_turns = type->max_turns;
  wish_.model = type->model;
  wish_.effort = type->effort;
  take_wish();
  return {};
}

// Errors: why the session may not be in it.
Result<> EngineImpl::check_mode(permission::Mode mode) const {
  if (mode == permission::Mode::kBypass && !options_.may_bypass) {
    return fail(ErrorKind::kPermissionDenied, "this session may not skip permissions",
                "Start it with --allow-dangerously-skip-permissions.");
  }
  if (mode == permission::Mode::kAuto && !options_.auto_mode.unavailable.empty())
    return fail(ErrorKind::kUnsupported, options_.auto_mode.unavailable);
  return {};
}

Result<> EngineImpl::set_mode(const std::string& mode) {
  AWL_TRY(const permission::Mode parsed, permission::parse_mode(mode));
  AWL_CHECK(check_mode(parsed));
  change_mode(parsed);
  return {};
}

void EngineImpl::take_wish() {
  if (!options_.request_for) return;
  const anthropic::Features left_out = options_.request.left_out;
  options_.request = options_.request_for(wish_);
  options_.request.left_out.insert(left_out.begin(), left_out.end());
  if (routes_.are_ready()) routes_.refresh();
}

void EngineImpl::set_model(const std::string& model) {
  wish_.model = model == "default" ? "" : model;
  take_wish();
}

void EngineImpl::set_thinking(std::optional<int64_t> tokens) {
  wish_.thinking_tokens = tokens;
  take_wish();
}

Task<std::string> EngineImpl::set_mcp_servers(std::string servers_json) {
  const auto servers = json::parse(servers_json);
  json::Value added = json::Value::array();
  json::Value removed = json::Value::array();
  json::Value errors = json::Value::object();
  const bool is_object = servers && servers->is_object();
  const std::set<std::string> before = added_servers_;
  for (const std::string& name : before) {
    if (is_object && servers->contains(name)) continue;
    added_servers_.erase(name);
    std::erase(hosted_, name);
    co_await mcp_->remove(name);
    std::vector<std::string> problems;
    const bool changed = tools_.replace_group(mcp_prefix(name), {}, runner_.rules(), problems);
    if (changed && routes_.are_ready()) routes_.refresh();
    removed.push_back(name);
  }
  if (is_object) {
    for (const auto& [name, written] : servers->items()) {
      if (added_servers_.contains(name)) continue;
      auto config = mcp::parse_server(name, written, options_.session.child_environment);
      if (!config) {
        errors[name] = describe(config.error());
        continue;
      }
      config->scope = "dynamic";
      if (config->kind == mcp::ServerConfig::Kind::kHosted) hosted_.push_back(name);
      added_servers_.insert(name);
      mcp_->add(std::move(*config));
      added.push_back(name);
    }
  }
  co_return json::dump({{"added", added}, {"removed", removed}, {"errors", errors}});
}

Task<Result<>> EngineImpl::restart_mcp_server(std::string name) {
  auto restarted = co_await mcp_->restart(std::move(name));
  co_return restarted;
}

Task<Result<>> EngineImpl::enable_mcp_server(std::string name, bool enabled) {
  auto done = co_await mcp_->set_enabled(std::move(name), enabled);
  on_mcp_changed();
  co_return done;
}

Task<Result<std::string>> EngineImpl::call_mcp_tool_by_name(std::string tool, std::string arguments_json) {
  for (const auto& server : mcp_->servers()) {
    const mcp::ToolInfo* info =
        server->status == mcp::Status::kConnected ? find_mcp_tool(*server, tool) : nullptr;
    if (info == nullptr) continue;
    const auto arguments = json::parse(arguments_json);
    const json::Value params{{"name", info->name},
                             {"arguments", arguments ? *arguments : json::Value::object()}};
    auto called = co_await server->client->request("tools/call", params, options_.mcp_limits.call_limit);
    AWL_CO_TRY(const json::Value result, std::move(called));
    co_return json::dump(result);
  }
  co_return fail(ErrorKind::kNotFound, fmt::format("there is no MCP tool named {}", tool));
}

Task<bool> EngineImpl::stop_task(std::string id) {
  const bool stopped = co_await background_->stop(id);
  if (stopped) background_->mark_reported(id);
  co_return stopped;
}

bool EngineImpl::cancel_message(const std::string& uuid) {
  const auto waiting = std::ranges::find_if(
      messages_, [&](const QueuedMessage& message) { return message.accepted.uuid == uuid; });
  if (waiting == messages_.end()) return false;
  messages_.erase(waiting);
  return true;
}

Result<std::string> EngineImpl::rewind_files(const std::string& message_uuid, bool dry_run) {
  if (!checkpoints_) {
    return fail(ErrorKind::kUnsupported, "the states of files are not kept in this session",
                "Set CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING=true before it begins.");
  }
  const auto outcome = checkpoints_->rewind(message_uuid, dry_run);
  if (!outcome) return json::dump({{"canRewind", false}, {"error", describe(outcome.error())}});
  if (!dry_run) options_.session.seen_files.clear();
  json::Value told{{"canRewind", true}, {"filesChanged", outcome->files}};
  if (!outcome->skipped.empty()) told["error"] = join(outcome->skipped, "; ");
  return json::dump(told);
}

void EngineImpl::rename(const std::string& title) {
  if (options_.recorder != nullptr) options_.recorder->on_renamed(title);
}

Task<Result<std::string>> EngineImpl::ask_aside(std::string system, std::string question) {
  tools::SideQuestion asked{.small = true,
                            .system = std::move(system),
                            .content_json = json::quote(question),
                            .server_tools = {},
                            .max_output_tokens = 4'096};
  auto answer = co_await side_model_->ask(std::move(asked));
  AWL_CO_TRY(tools::SideAnswer told, std::move(answer));
  co_return std::move(told.text);
}

Task<Result<std::string>> EngineImpl::sum_up_from(std::string message_uuid, std::string wishes) {
  const auto at = conversation_.find(message_uuid);
  if (!at) co_return fail(ErrorKind::kNotFound, "that message is not in the conversation any more");
  co_await prepare_requests();
  auto summary = co_await compaction_.sum_up_from(*at, std::move(wishes));
  co_return summary;
}

Result<> EngineImpl::update_permissions(const std::string& updates_json) {
  const permission::Mode mode = runner_.mode();
  std::vector<std::string> problems;
  const auto is_allowed = [this](permission::Mode wanted) { return check_mode(wanted).has_value(); };
  apply_permission_updates(updates_json, runner_, options_.session, is_allowed, problems);
  on_mode_changed(mode);
  if (!problems.empty()) return fail(ErrorKind::kInvalidInput, join(problems, "; "));
  return options_.save_permissions ? options_.save_permissions(updates_json) : Result<>{};
}

}  // namespace awl::agent
