#include "agent/session_hooks.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/reminder.h"
#include "agent/result_bounds.h"
#include "async/timeout.h"
#include "tools/bash_shell.h"
#include "tools/side_model.h"

namespace awl::agent {

namespace {

constexpr size_t kMaxHookTextBytes = 10'000;
constexpr int64_t kMaxJudgementTokens = 1'024;
constexpr std::chrono::milliseconds kDetachedLimit{1'500};

Task<Result<std::string>> ask_judge(tools::Session& session, std::string system, std::string prompt,
                                    std::string model) {
  if (session.side_model == nullptr) co_return fail(ErrorKind::kInvalidInput, "no model can be asked here");
  tools::SideQuestion question{.small = model.empty(),
                               .system = std::move(system),
                               .content_json = json::quote(prompt),
                               .server_tools = {},
                               .max_output_tokens = kMaxJudgementTokens,
                               .model = std::move(model)};
  auto answer = co_await session.side_model->ask(std::move(question));
  if (!answer) co_return std::unexpected(std::move(answer).error());
  co_return std::move(answer->text);
}

using Ask = std::function<Task<Result<std::string>>(std::string, std::string, std::string)>;

Task<Result<std::string>> pass_to(const Ask& ask, std::string a, std::string b, std::string c) {
  if (!ask) co_return fail(ErrorKind::kUnsupported, "nobody can be asked in this session");
  auto answer = co_await ask(std::move(a), std::move(b), std::move(c));
  co_return answer;
}

}  // namespace

SessionHooks::SessionHooks(Executor executor, HookSettings settings, HookFacts facts, tools::Session& session,
                           std::function<permission::Mode()> mode, std::function<void(protocol::Event)> emit)
    : facts_(std::move(facts)),
      session_(session),
      mode_(std::move(mode)),
      emit_(std::move(emit)),
      detached_(executor) {
  hooks::HookRunnerOptions options;
  options.executor = executor;
  options.project_dir = session.project_dir;
  options.common_fields = [this] { return common_fields(); };
  options.environment = [this] { return tools::prepare_child_environment(session_); };
  options.folder = [this] { return session_.cwd; };
  options.env_file = session.hook_env_file;
  options.http = session.http;
  options.allowed_urls = std::move(settings.allowed_urls);
  options.allowed_variables = std::move(settings.allowed_variables);
  options.session_end_budget = settings.session_end_budget;
  options.ask_model = [this](std::string system, std::string prompt, std::string model) {
    return ask_judge(session_, std::move(system), std::move(prompt), std::move(model));
  };
  options.call_mcp_tool = [this](std::string server, std::string tool, std::string input) {
    return pass_to(call_mcp_tool, std::move(server), std::move(tool), std::move(input));
  };
  options.call_back = [this](std::string id, std::string input, std::string tool_use_id) {
    return pass_to(call_back, std::move(id), std::move(input), std::move(tool_use_id));
  };
  options.shorten = [this](std::string text) {
    return text.size() <= kMaxHookTextBytes ? text : spill(text, "hook", session_, "A hook gave");
  };
  options.on_event = [this](const hooks::HookEvent& event) {
    if (event.run == nullptr) {
      emit_(protocol::HookStarted{event.id, event.name, event.event});
      return;
    }
    using End = hooks::HookRun::End;
    const hooks::HookRun& run = *event.run;
    emit_(protocol::HookEnded{
        event.id, event.name, event.event, run.out, run.failure.empty() ? run.err : run.failure,
        run.exit_code,
        run.end == End::kSuccess ? "success" : (run.end == End::kError ? "error" : "cancelled")});
  };
  options.on_wake = [this] {
    if (on_wake_) on_wake_();
  };
  runner_ = std::make_unique<hooks::HookRunner>(std::move(settings.table), std::move(options));
}

std::string SessionHooks::common_fields() const {
  json::Value fields{{"session_id", session_.id},
                     {"transcript_path", facts_.transcript_path},
                     {"cwd", session_.cwd.string()},
                     {"permission_mode", permission::to_string(mode_())}};
  if (!facts_.effort.empty()) fields["effort"] = {{"level", facts_.effort}};
  if (!facts_.agent_id.empty()) fields["agent_id"] = facts_.agent_id;
  if (!facts_.agent_type.empty()) fields["agent_type"] = facts_.agent_type;
  return json::dump(fields);
}

Task<hooks::HookOutcome> SessionHooks::run(hooks::HookCall call) {
  if (!has(call.event)) co_return hooks::HookOutcome();
  auto outcome = co_await runner_->run(std::move(call));
  for (const std::string& message : outcome.messages) emit_(protocol::Notice{message});
  for (const std::string& error : outcome.errors) emit_(protocol::Notice{error});
  co_return outcome;
}

Task<> SessionHooks::run_and_forget(hooks::HookCall call) { co_await runner_->run(std::move(call)); }

void SessionHooks::run_detached(hooks::HookCall call) {
  if (has(call.event)) detached_.spawn(run_and_forget(std::move(call)));
}

void SessionHooks::keep_contexts(const std::string& event, const std::vector<std::string>& contexts) {
  for (const std::string& context : contexts)
    contexts_.push_back(reminder(fmt::format("A {} hook says: {}", event, context)));
}

std::vector<std::string> SessionHooks::take_contexts() {
  std::vector<std::string> contexts = std::exchange(contexts_, {});
  for (const std::string& said : runner_->take_background())
    contexts.push_back(reminder(fmt::format("A hook that ran in the background says: {}", said)));
  runner_->woke();
  return contexts;
}

Task<hooks::HookOutcome> SessionHooks::start_session(std::string source, std::string model) {
  json::Value fields{{"source", source}};
  if (!model.empty()) fields["model"] = model;
  const auto outcome = co_await run({"SessionStart", source, json::dump(fields)});
  keep_contexts("SessionStart", outcome.contexts);
  co_return outcome;
}

Task<std::optional<std::string>> review_task(SessionHooks& hooks, std::string event,
                                             std::string fields_json) {
  const auto outcome = co_await hooks.run({event, "", std::move(fields_json)});
  if (outcome.blocked) co_return fmt::format("A {} hook objects: {}", event, outcome.reason);
  co_return std::nullopt;
}

Task<> SessionHooks::end_session(std::string reason) {
  co_await run({"SessionEnd", reason, json::dump({{"reason", reason}})});
  // What nobody waited for gets a moment.
  co_await async::finish_within(detached_.join(), kDetachedLimit);
  co_await stop();
}

Task<> SessionHooks::stop() {
  detached_.cancel();
  co_await detached_.join();
  co_await runner_->stop();
}

}  // namespace awl::agent
