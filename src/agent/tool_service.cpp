#include "agent/tool_service.h"

#include "agent/session_hooks.h"
#include "agent/side_model.h"
#include "agent/tool_runner.h"
#include "agent/tool_set.h"
#include "agent/usage_ledger.h"
#include "async/event.h"
#include "base/uuid.h"
#include "tools/background_tasks.h"
#include "tools/registry.h"

namespace awl::agent {

namespace {

class RefusingHost final : public protocol::Host {
 public:
  Task<protocol::PermissionAnswer> ask_permission(protocol::PermissionQuestion question) override {
    std::string reason = std::move(question.reason);
    if (!reason.ends_with('.')) reason += '.';
    co_return protocol::PermissionAnswer{
        false,
        reason +
            " Nobody can be asked here: an allow rule in the settings of this folder, --allowedTools or "
            "--permission-mode would let it run."};
  }
  bool can_ask() const override { return false; }
};

ToolSelection offered_tools(ToolSelection selection) {
  // Whoever calls them has no shell of its own to search with, and no ToolSearch.
  for (const char* name : {"Grep", "Glob"}) selection.named.emplace_back(name);
  selection.search.mode = ToolSearchPolicy::Mode::kOff;
  selection.more_may_come = false;
  return selection;
}

std::vector<std::unique_ptr<tools::Tool>> tools_without_a_person() {
  auto all = tools::make_builtin_tools();
  std::erase_if(all, [](const auto& tool) { return tool->spec().name == "AskUserQuestion"; });
  return all;
}

class ToolServiceImpl final : public ToolService {
 public:
  ToolServiceImpl(Executor executor, EngineOptions options, anthropic::MessagesClient& client,
                  std::function<void(const std::string&)> tell)
      : options_(std::move(options)),
        tell_(std::move(tell)),
        side_model_(make_side_model(
            {client, options_.provider, ledger_, options_.small_request, options_.request,
             options_.max_budget_usd,
             [this](const std::string& model) { return options_.request_for({.model = model}); }})),
        background_(tools::make_background_tasks(executor, [](const tools::BackgroundTask&) {})),
        hooks_(
            executor, std::move(options_.hooks), HookFacts{"", options_.request.reasoning.effort, "", ""},
            options_.session, [this] { return runner_.mode(); },
            [this](const protocol::Event& event) {
              if (const auto* notice = std::get_if<protocol::Notice>(&event)) tell_(notice->text);
            }),
        tools_(tools_without_a_person(), offered_tools(options_.tool_selection), options_.tool_runner.rules),
        runner_(tools_, options_.session, host_, options_.tool_runner),
        changed_(executor) {
    tools::Session& session = options_.session;
    session.executor = executor;
    session.background = background_.get();
    session.side_model = side_model_.get();
    session.may_read = [this](const os::Path& path) { return runner_.may_read(path); };
    session.names_host = [this](const std::string& url) { return runner_.names_host(url); };
    session.review_task = [this](std::string event, std::string fields_json) {
      return review_task(hooks_, std::move(event), std::move(fields_json));
    };
    runner_.set_hooks(hooks_);
  }

  std::vector<std::string> definitions() const override { return tools_.definitions(); }
  bool has(std::string_view name) override { return tools_.find(name) != nullptr; }

  Task<tools::ToolResult> call(std::string name, json::Value input) override {
    anthropic::ContentBlock block;
    block.tool_name = std::move(name);
    block.tool_use_id = "toolu_" + make_uuid();
    block.tool_input = std::move(input);
    const auto leave = [this](void*) {
      changing_ = false;
      changed_.notify_all();
    };
    std::unique_ptr<void, decltype(leave)> at_end(nullptr, leave);
    if (!runner_.only_reads(block)) {
      while (changing_) co_await changed_.wait();
      changing_ = true;
      at_end.reset(this);
    }
    auto result = co_await runner_.run_call(std::move(block));
    // There is no turn that could end, or list what was refused.
    runner_.take_stop();
    runner_.take_denials();
    co_return result;
  }

  Task<> close() override {
    co_await background_->stop_all();
    co_await hooks_.stop();
  }

 private:
  EngineOptions options_;
  std::function<void(const std::string&)> tell_;
  UsageLedger ledger_;
  std::unique_ptr<tools::SideModel> side_model_;
  std::unique_ptr<tools::BackgroundTasks> background_;
  RefusingHost host_;
  SessionHooks hooks_;
  ToolSet tools_;
  ToolRunner runner_;
  async::Event changed_;
  bool changing_ = false;  // a call that changes something runs
};

}  // namespace

std::unique_ptr<ToolService> make_tool_service(Executor executor, EngineOptions options,
                                               anthropic::MessagesClient& client,
                                               std::function<void(const std::string&)> tell) {
  return std::make_unique<ToolServiceImpl>(std::move(executor), std::move(options), client, std::move(tell));
}

}  // namespace awl::agent
