#include "agent/tool_runner.h"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <nlohmann/json.hpp>

#include "async/task_group.h"
#include "base/uuid.h"
#include "os/path.h"
#include "tools/input.h"

namespace awl::agent {

namespace {

// Results that say the call itself was wrong are wrapped, so that the model tells them from what a tool
// printed.
tools::ToolResult call_error(std::string_view sentence) {
  return tools::ToolResult::error(fmt::format("<tool_use_error>{}</tool_use_error>", sentence));
}

std::string result_block(const std::string& tool_use_id, const tools::ToolResult& result) {
  const std::string content = result.content_json.empty() ? json::quote(result.text) : result.content_json;
  return fmt::format(R"({{"type":"tool_result","tool_use_id":{},"content":{}{}}})", json::quote(tool_use_id),
                     content, result.is_error ? R"(,"is_error":true)" : "");
}

}  // namespace

ToolRunner::ToolRunner(ToolSet& tools, tools::Session& session, protocol::Host& host,
                       ToolRunnerOptions options)
    : tools_(tools), session_(session), host_(host), options_(std::move(options)) {}

std::string ToolRunner::interrupted_result(const std::string& tool_use_id) {
  return result_block(tool_use_id,
                      tools::ToolResult::error("The person interrupted this call before it ended."));
}

bool ToolRunner::may_read(const os::Path& path) const {
  const tools::Access access{.kind = tools::Access::Kind::kRead, .paths = {path}, .command = {}, .url = {}};
  const permission::Verdict verdict =
      permission::decide(options_.rules, situation(), "Read", access, {{"file_path", path.string()}});
  return verdict.behavior == permission::Behavior::kAllow;
}

bool ToolRunner::names_host(const std::string& url) const {
  return permission::is_host_named(options_.rules, "WebFetch", url);
}

ToolRunner::Prepared ToolRunner::prepare(const anthropic::ContentBlock& call) {
  Prepared prepared;
  prepared.call = &call;
  prepared.tool = tools_.find(call.tool_name);
  if (prepared.tool == nullptr) {
    prepared.refused = call_error(fmt::format("There is no tool named {} here.", call.tool_name));
    return prepared;
  }
  if (!call.tool_input_error.empty()) {
    prepared.refused =
        call_error(fmt::format("The input of {} cannot be read: {}.", call.tool_name, call.tool_input_error));
    return prepared;
  }
  auto input = tools::coerce(call.tool_input, prepared.tool->schema_json);
  const Result<> valid = input ? prepared.tool->schema.validate(*input) : std::unexpected(input.error());
  if (!valid) {
    prepared.refused =
        call_error(fmt::format("The input of {} does not fit: {}.", call.tool_name, valid.error().message));
    return prepared;
  }
  prepared.input = std::move(*input);
  auto access = prepared.tool->tool->access(prepared.input, session_);
  if (!access) {
    prepared.refused = call_error(describe(access.error()));
    return prepared;
  }
  prepared.access = std::move(*access);
  prepared.read_only = prepared.tool->tool->is_read_only(prepared.input) ||
                       (prepared.access.kind == tools::Access::Kind::kShell &&
                        permission::is_read_only_command(prepared.access.command, situation()) &&
                        // The calls after it are to see the folder that it moves to.
                        !permission::changes_folder(prepared.access.command));
  return prepared;
}

permission::Situation ToolRunner::situation() const {
  permission::Situation now{options_.mode, session_.project_dir, session_.additional_dirs, session_.cwd,
                            session_.home};
  // The model is told to read long outputs there.
  now.additional_dirs.push_back(session_.output_dir);
  return now;
}

void ToolRunner::note_denial(const Prepared& prepared) {
  json::Value input = prepared.input;
  for (const char* key : {"file_path", "notebook_path", "path"}) {
    if (const auto path = json::get_string(input, key))
      input[key] = os::absolute_path(*path, session_.cwd, session_.home).string();
  }
  denials_.push_back({prepared.call->tool_name, prepared.call->tool_use_id, json::dump(input)});
}

// nullopt: the call may run. Else what the model is told.
Task<std::optional<std::string>> ToolRunner::refusal(Prepared& prepared) {
  const std::string& name = prepared.call->tool_name;
  const permission::Verdict verdict =
      permission::decide(options_.rules, situation(), name, prepared.access, prepared.input);
  if (verdict.behavior == permission::Behavior::kAllow) co_return std::nullopt;
  if (verdict.behavior == permission::Behavior::kDeny)
    co_return fmt::format("{} was denied: {}", name, verdict.reason);
  protocol::PermissionQuestion question{name, prepared.call->tool_use_id, json::dump(prepared.input),
                                        verdict.reason};
  const protocol::PermissionAnswer answer = co_await host_.ask_permission(std::move(question));
  prepared.access.confirmed = answer.allowed;
  if (answer.allowed) co_return std::nullopt;
  co_return fmt::format("{} was not allowed: {}", name,
                        answer.message.empty() ? verdict.reason : answer.message);
}

Task<tools::ToolResult> ToolRunner::run_one(Prepared& prepared) {
  if (prepared.refused) co_return *prepared.refused;
  auto refused = co_await refusal(prepared);
  if (refused) {
    note_denial(prepared);
    co_return tools::ToolResult::error(std::move(*refused));
  }
  std::string cause;
  try {
    auto result = co_await prepared.tool->tool->run(prepared.input, prepared.access,
                                                    prepared.call->tool_use_id, session_);
    co_return result;
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) throw;
    cause = error.what();
  } catch (const std::exception& error) {
    cause = error.what();
  }
  // A bug in one tool must not cost the person the session.
  co_return tools::ToolResult::error(
      fmt::format("{} failed with an internal error: {}.", prepared.call->tool_name, cause));
}

Task<> ToolRunner::run_into(Prepared& prepared, std::string& block, const OnFinished& on_finished) {
  const tools::ToolResult result = co_await run_one(prepared);
  block = result_block(prepared.call->tool_use_id, result);
  const std::string structured = result.structured_json.empty()
                                     ? json::quote(result.is_error ? "Error: " + result.text : result.text)
                                     : result.structured_json;
  on_finished({make_uuid(), prepared.call->tool_use_id, block, structured});
}

Task<std::vector<std::string>> ToolRunner::run(const std::vector<const anthropic::ContentBlock*>& calls,
                                               OnFinished on_finished) {
  std::vector<std::string> blocks(calls.size());
  size_t next = 0;
  while (next < calls.size()) {
    // Prepared just before they run: an earlier call may have moved the working folder.
    std::vector<Prepared> batch;
    batch.push_back(prepare(*calls[next]));
    while (batch.back().read_only && next + batch.size() < calls.size() &&
           batch.size() < static_cast<size_t>(options_.max_concurrency)) {
      Prepared candidate = prepare(*calls[next + batch.size()]);
      if (!candidate.read_only) break;
      batch.push_back(std::move(candidate));
    }
    if (batch.size() == 1) {
      co_await run_into(batch.front(), blocks[next], on_finished);
    } else {
      const Executor executor = co_await boost::asio::this_coro::executor;
      async::TaskGroup group(executor);
      for (size_t i = 0; i < batch.size(); ++i)
        group.spawn(run_into(batch[i], blocks[next + i], on_finished));
      co_await group.join();
    }
    next += batch.size();
  }
  co_return blocks;
}

}  // namespace awl::agent
