#include "hooks/hook_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <nlohmann/json.hpp>

#include "base/uuid.h"
#include "hooks/handler_run.h"

namespace awl::hooks {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Type = HookHandler::Type;

constexpr milliseconds kSessionEndBudget{1'500};
constexpr milliseconds kMaxSessionEndBudget{60'000};

milliseconds default_limit(Type type, std::string_view event) {
  if (type == Type::kPrompt) return seconds(30);
  if (type == Type::kAgent) return seconds(60);
  if (event == "UserPromptSubmit") return seconds(30);
  if (event == "MessageDisplay") return seconds(10);
  return seconds(600);
}

std::string name_of(const HookCall& call) {
  return call.matched.empty() ? call.event : fmt::format("{}:{}", call.event, call.matched);
}

}  // namespace

struct HookRunner::Job {
  HookHandler handler;  // a copy: the table may change while it runs
  HookCall call;
  std::string input_json;
  HookRun run;
};

HookRunner::HookRunner(HookTable table, HookRunnerOptions options)
    : table_(std::move(table)), options_(std::move(options)), background_(options_.executor) {}

std::string HookRunner::make_input(const HookCall& call) const {
  auto input = json::parse(options_.common_fields());
  if (!input || !input->is_object()) input = json::Value::object();
  (*input)["hook_event_name"] = call.event;
  if (const auto fields = json::parse(call.fields_json); fields && fields->is_object())
    input->update(*fields);
  return json::dump(*input);
}

milliseconds HookRunner::limit_of(const HookHandler& handler, const std::string& event) const {
  if (event != "SessionEnd") return handler.timeout.value_or(default_limit(handler.type, event));
  if (options_.session_end_budget.count() > 0) return options_.session_end_budget;
  return std::min(handler.timeout.value_or(kSessionEndBudget), kMaxSessionEndBudget);
}

Task<HookRun> HookRunner::run_handler(const HookHandler& handler, const HookCall& call,
                                      const std::string& input_json) {
  const HandlerCall how{handler, call.event, input_json, call.tool_use_id, limit_of(handler, call.event),
                        options_};
  std::string cause;
  try {
    switch (handler.type) {
      case Type::kCommand:
        co_return co_await run_command_hook(how);
      case Type::kHttp:
        co_return co_await run_http_hook(how);
      case Type::kMcpTool:
        co_return co_await run_mcp_hook(how);
      case Type::kPrompt:
      case Type::kAgent:
        co_return co_await run_model_hook(how);
      case Type::kCallback:
        co_return co_await run_callback_hook(how);
    }
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) throw;
    cause = error.what();
  } catch (const std::exception& error) {
    cause = error.what();
  }
  co_return failed(cause);
}

Task<> HookRunner::run_job(Job& job) {
  HookEvent event{make_uuid(), name_of(job.call), job.call.event, nullptr};
  if (options_.on_event) options_.on_event(event);
  job.run = co_await run_handler(job.handler, job.call, job.input_json);
  event.run = &job.run;
  if (options_.on_event) options_.on_event(event);
}

Task<> HookRunner::run_in_background(std::shared_ptr<Job> job) {
  co_await run_job(*job);
  HookOutcome outcome;
  if (job->handler.wakes && job->run.exit_code == 2) {
    outcome.contexts.push_back(job->run.err.empty() ? job->run.out : job->run.err);
    wakes_ = true;
  } else {
    add_run(outcome, job->call.event, name_of(job->call), job->run, false);
  }
  shorten(outcome);
  for (std::string& text : outcome.contexts) said_in_background_.push_back(std::move(text));
  for (std::string& text : outcome.messages) said_in_background_.push_back(std::move(text));
  if (wakes_ && options_.on_wake) options_.on_wake();
}

void HookRunner::shorten(HookOutcome& outcome) const {
  if (!options_.shorten) return;
  for (std::vector<std::string>* texts : {&outcome.contexts, &outcome.messages}) {
    for (std::string& text : *texts) text = options_.shorten(std::move(text));
  }
  for (std::string* text : {&outcome.reason, &outcome.permission_reason, &outcome.stop_reason})
    *text = options_.shorten(std::move(*text));
}

Task<HookOutcome> HookRunner::run(HookCall call) {
  HookOutcome outcome;
  std::vector<std::unique_ptr<Job>> jobs;
  std::vector<const HookHandler*> spent;
  std::string input_json;
  for (const HookHandler* handler : table_.find(call.event, call.matched)) {
    if (!handler->condition.empty() && (!call.fits || !call.fits(handler->condition))) continue;
    if (input_json.empty()) input_json = make_input(call);
    auto job = std::make_unique<Job>(Job{*handler, call, input_json, {}});
    if (handler->once) spent.push_back(handler);
    if (handler->in_background) {
      background_.spawn(run_in_background(std::move(job)));
    } else {
      jobs.push_back(std::move(job));
    }
  }
  for (const HookHandler* handler : spent) table_.remove(handler);
  if (jobs.size() == 1) {
    co_await run_job(*jobs.front());
  } else if (!jobs.empty()) {
    const Executor executor = co_await boost::asio::this_coro::executor;
    async::TaskGroup group(executor);
    for (const auto& job : jobs) group.spawn(run_job(*job));
    co_await group.join();
  }
  for (const auto& job : jobs)
    add_run(outcome, call.event, name_of(call), job->run, job->handler.fail_closed);
  shorten(outcome);
  co_return outcome;
}

Task<> HookRunner::stop() {
  background_.cancel();
  co_await background_.join();
}

}  // namespace awl::hooks
