#include "agent/engine.h"

#include <utility>

#include "agent/background_notice.h"
#include "agent/deeper_reasoning.h"
#include "agent/engine_impl.h"
#include "agent/environment_facts.h"
#include "agent/message_blocks.h"
#include "agent/prompt_tool_host.h"
#include "agent/restore_conversation.h"
#include "agent/side_model.h"
#include "async/timeout.h"
#include "os/path.h"
#include "tools/registry.h"

namespace awl::agent {

namespace {

// A model that starts a background command on each notice of one would go on without end.
constexpr int kMaxNotificationTurns = 25;
constexpr std::chrono::seconds kIdleAfter{60};

}  // namespace

EngineImpl::EngineImpl(Executor executor, EngineOptions options, anthropic::MessagesClient& client,
                       protocol::Host& host)
    : executor_(std::move(executor)),
      options_(std::move(options)),
      instructions_(options_.instructions),
      client_(client),
      face_(host),
      checkpoints_(options_.checkpoint_dir.empty()
                       ? nullptr
                       : std::make_unique<session::Checkpoints>(options_.checkpoint_dir)),
      mcp_(std::make_unique<mcp::Connections>(mcp_options())),
      prompt_tool_(make_prompt_tool_host(options_.permission_prompt_tool, *mcp_)),
      host_(prompt_tool_ ? *prompt_tool_ : face_),
      hooks_(std::make_unique<SessionHooks>(
          executor_, std::move(options_.hooks),
          HookFacts{options_.transcript_path, options_.request.reasoning.effort, "", options_.agent_type},
          options_.session, [this] { return runner_.mode(); },
          [this](protocol::Event event) { emit(std::move(event)); })),
      agent_types_(options_.agents, options_.builtin_agents, options_.explorers),
      skill_list_(std::make_shared<const std::vector<extensions::Skill>>(std::move(options_.skills))),
      skills_(std::make_unique<SkillSet>(skill_options(), [this]() -> ToolRunner& { return runner_; })),
      tools_(make_tools(
                 *skills_, [this](std::string text) { skill_texts_.push_back(std::move(text)); }, 1),
             options_.tool_selection, options_.tool_runner.rules),
      runner_(tools_, options_.session, host_, options_.tool_runner),
      background_(tools::make_background_tasks(
          executor_, [this](const tools::BackgroundTask& task) { on_background(task); })),
      routes_(options_, tools_),
      side_model_(make_side_model({client_, options_.provider, ledger_, options_.small_request,
                                   options_.request, options_.max_budget_usd,
                                   [this](const std::string& model) { return request_for(model, ""); }})),
      auto_mode_(std::make_unique<AutoMode>(
          options_.auto_mode, *side_model_, conversation_,
          [this] { return git_remotes(options_.session.project_dir, options_.session.child_environment); },
          [this] { return git_changes(options_.session.project_dir, options_.session.child_environment); })),
      subagents_(std::make_unique<Subagents>(subagent_context(), options_.subagents)),
      guard_(options_.token_counter, ledger_),
      compaction_({client_, routes_.list(), conversation_, ledger_, guard_,
                   [this](protocol::Event event) { emit(std::move(event)); }, options_.recorder,
                   [this] { return reminders_after_compaction(); }, hooks_.get()},
                  options_.compaction),
      work_(executor_),
      events_(executor_),
      turn_(executor_),
      watch_(executor_),
      watchers_(executor_) {
  want_structured_output(options_.output_schema_json);
  tools_.on_loaded([this](const std::string& definition) { routes_.add_tool(definition); });
  if (options_.restored)
    restore_conversation(*options_.restored, options_.session, conversation_, tools_, instructions_);
  if (options_.restored) deferred_call_ = options_.restored->deferred_call;
  options_.session.executor = executor_;
  options_.session.background = background_.get();
  options_.session.side_model = side_model_.get();
  options_.session.may_read = [this](const os::Path& path) { return runner_.may_read(path); };
  options_.session.names_host = [this](const std::string& url) { return runner_.names_host(url); };
  options_.session.review_task = [this](std::string event, std::string fields_json) {
    return review_task(*hooks_, std::move(event), std::move(fields_json));
  };
  runner_.set_auto_mode(*auto_mode_, conversation_);
  runner_.set_hooks(*hooks_);
  runner_.set_checkpoints(checkpoints_.get());
  runner_.on_watch_paths = [this](const std::vector<std::string>& paths) { watch_files(paths); };
  runner_.on_asking = [this](const std::string& tool) { return note_asking(tool); };
  if (options_.observe)
    runner_.on_decided = [this](const protocol::ToolDecided& decided) { options_.observe(decided, ""); };
  runner_.before_round = [this] { return follow_settings(); };
  runner_.on_permission_updates = [this](const std::string& updates) {
    const auto done = update_permissions(updates);
    if (done) return;
    const bool unreadable = done.error().kind == ErrorKind::kInvalidInput;
    emit_notices(
        {(unreadable ? "" : "The permission holds for this session alone: ") + describe(done.error())});
  };
  skills_->on_model_wish = [this](const std::string& model, const std::string& effort) {
    routes_.use_for_turn(request_for(model, effort));
  };
  skills_->on_hooks = [this](const extensions::Skill& skill) { add_skill_hooks(skill); };
  hooks_->call_mcp_tool = [this](std::string server, std::string tool, std::string input) {
    return call_mcp_tool(std::move(server), std::move(tool), std::move(input));
  };
  hooks_->call_back = [this](std::string id, std::string input, std::string tool_use_id) {
    return face_.call_hook(std::move(id), std::move(input), std::move(tool_use_id));
  };
  tools_.before_search = [this]() -> Task<> {
    auto settled = mcp_->wait(options_.mcp_client.start_limit);
    co_await std::move(settled);
  };
  hooks_->on_wake([this] { work_.notify_all(); });
}

// "" wants none.
void EngineImpl::want_structured_output(const std::string& schema_json) {
  if (schema_json.empty()) return;
  tools_.add(make_structured_output_tool(schema_json, structured_output_));
  structured_output_.wanted = true;
  structured_output_.max_retries = options_.max_structured_output_retries;
}

void EngineImpl::post(protocol::Command command) {
  if (auto* message = std::get_if<protocol::SendMessage>(&command)) {
    // A message's content arrives as one JSON text and is kept block by block.
    std::vector<std::string> blocks = anthropic::content_blocks(message->content_json);
    if (auto reminder = deeper_reasoning_block(blocks)) blocks.insert(blocks.begin(), std::move(*reminder));
    if (!input_ended_)
      messages_.push_back(
          {std::move(blocks), "", {std::move(message->uuid), std::move(message->content_json)}});
  } else if (auto* sum_up = std::get_if<protocol::SumUpBefore>(&command)) {
    if (!input_ended_)
      messages_.push_back({.blocks = {}, .origin = {}, .accepted = {}, .sum_up = std::move(*sum_up)});
  } else if (const auto* wish = std::get_if<protocol::Interrupt>(&command)) {
    if (wish->drop_waiting) messages_.clear();
    interrupt();
  } else {
    input_ended_ = true;
  }
  work_.notify_all();
}

Task<> EngineImpl::run() {
  // However this ends, nothing goes on in the background after it.
  const auto clean_up = [this](void*) {
    options_.session.background = nullptr;
    background_.reset();
    events_.close();
  };
  const std::unique_ptr<void, decltype(clean_up)> at_end(this, clean_up);
  for (mcp::ServerConfig& server : options_.mcp_servers) mcp_->add(std::move(server));
  if (options_.setup_only) co_await start_session();
  for (;;) {
    auto message = co_await next_message();
    if (!message) break;
    co_await run_turn(std::move(*message));
  }
  // Who interrupts a run wants it to end, not to wait for what goes on in the background.
  if (!interrupted_) co_await serve_background();
  watchers_.cancel();
  co_await watchers_.join();
  co_await subagents_->stop_all();
  co_await background_->stop_all();
  co_await hooks_->end_session("other");
  co_await mcp_->stop();
  if (options_.at_end) co_await options_.at_end();
}

// What waits for its turn is what was meant, when none runs.
void EngineImpl::interrupt() {
  if (turn_.size() == 0 && !messages_.empty()) {
    messages_.front().interrupted = true;
    return;
  }
  interrupted_ = true;
  turn_.cancel();
}

// What the next turn is about: a message of the person, or something in the background that ended between
// turns. nullopt when no message will come.
Task<std::optional<QueuedMessage>> EngineImpl::next_message() {
  for (;;) {
    if (!messages_.empty()) {
      QueuedMessage message = std::move(messages_.front());
      messages_.pop_front();
      rounds_used_ = notifications_ = 0;
      idle_is_told_ = false;
      co_return message;
    }
    if (input_ended_) co_return std::nullopt;
    if (may_notify()) {
      if (auto task = background_->take_ended()) co_return notification({background_notice(*task)});
      if (auto report = subagents_->take_ended()) co_return notification({*report});
      if (hooks_->wants_to_wake()) co_return notification(hooks_->take_contexts());
    }
    const bool may_be_away = options_.has_person && session_started_ && hooks_->has("Notification");
    if (may_be_away && !idle_is_told_) {
      idle_is_told_ = !co_await async::finish_within(work_.wait(), kIdleAfter);
      if (idle_is_told_) notify("idle_prompt", "The model has answered and waits for your next message");
      continue;
    }
    co_await work_.wait();
  }
}

bool EngineImpl::may_notify() const {
  return notifications_ < kMaxNotificationTurns &&
         (options_.max_turns <= 0 || rounds_used_ < options_.max_turns);
}

QueuedMessage EngineImpl::notification(std::vector<std::string> texts) {
  ++notifications_;
  for (std::string& text : texts) text = anthropic::text_block(text);
  return {std::move(texts), "task-notification", {}};
}

void EngineImpl::emit(protocol::Event event) {
  if (options_.observe) options_.observe(event, "");
  if (options_.recorder != nullptr) options_.recorder->on_event(event);
  events_.push(std::move(event));
}

void EngineImpl::emit_notices(const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) emit(protocol::Notice{problem});
}

void EngineImpl::on_background(const tools::BackgroundTask& task) {
  if (task.status == tools::TaskStatus::kRunning) {
    emit(protocol::TaskStarted{task.id, task.tool_use_id,
                               task.description.empty() ? task.command : task.description});
  } else {
    emit(to_task_changed(task));
    work_.notify_all();
  }
}

// Nobody will send anything more: background commands get a short time to end, and each that does is told
// to the model.
Task<> EngineImpl::serve_background() {
  while (may_notify()) {
    // Subagents end by themselves, and are waited for.
    if (subagents_->any_in_background()) {
      turn_.spawn(subagents_->wait());
      co_await turn_.join();
      if (interrupted_) co_return;
    }
    if (auto report = subagents_->take_ended()) {
      const bool completed = co_await run_turn(notification({*report}));
      if (!completed) co_return;
      continue;
    }
    std::optional<tools::BackgroundTask> task = background_->take_ended();
    if (!task && background_->any_running()) {
      turn_.spawn(wait_for_background(task));
      co_await turn_.join();
    }
    if (!task || interrupted_) co_return;
    const bool completed = co_await run_turn(notification({background_notice(*task)}));
    if (!completed) co_return;
  }
}

Task<> EngineImpl::wait_for_background(std::optional<tools::BackgroundTask>& task) {
  task = co_await async::with_timeout(background_->next_ended(), options_.background_grace);
}

std::unique_ptr<Engine> make_engine(Executor executor, EngineOptions options,
                                    anthropic::MessagesClient& client, protocol::Host& host) {
  return std::make_unique<EngineImpl>(std::move(executor), std::move(options), client, host);
}

}  // namespace awl::agent
