#include "agent/engine.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <deque>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "agent/background_notice.h"
#include "agent/compaction.h"
#include "agent/context_guard.h"
#include "agent/deeper_reasoning.h"
#include "agent/environment_facts.h"
#include "agent/instruction_reminders.h"
#include "agent/local_command.h"
#include "agent/media_relief.h"
#include "agent/message_blocks.h"
#include "agent/message_media.h"
#include "agent/model_routes.h"
#include "agent/reminder.h"
#include "agent/restore_conversation.h"
#include "agent/side_model.h"
#include "agent/structured_output.h"
#include "agent/turn.h"
#include "async/task_group.h"
#include "async/timeout.h"
#include "base/uuid.h"
#include "os/path.h"
#include "tools/background_tasks.h"
#include "tools/registry.h"

namespace awl::agent {

namespace {

// A model that starts a background command on each notice of one would go on without end.
constexpr int kMaxNotificationTurns = 25;

constexpr std::string_view kBlankMessage = "The message was blank: nothing was sent to the model.";

struct QueuedMessage {
  std::vector<std::string> blocks;
  std::string origin;
  protocol::MessageAccepted accepted;  // of the person's message
  bool interrupted = false;            // before its turn began
};

class EngineImpl final : public Engine {
 public:
  EngineImpl(Executor executor, EngineOptions options, anthropic::MessagesClient& client,
             protocol::Host& host)
      : executor_(std::move(executor)),
        options_(std::move(options)),
        instructions_(options_.instructions),
        client_(client),
        tools_(tools::make_builtin_tools(), options_.tool_selection, options_.tool_runner.rules),
        runner_(tools_, options_.session, host, options_.tool_runner),
        background_(tools::make_background_tasks(
            executor_, [this](const tools::BackgroundTask& task) { on_background(task); })),
        routes_(options_, tools_),
        side_model_(make_side_model({client_, options_.provider, ledger_, options_.small_request,
                                     options_.request, options_.max_budget_usd})),
        guard_(options_.token_counter, ledger_),
        compaction_({client_, routes_.list(), conversation_, ledger_, guard_,
                     [this](protocol::Event event) { emit(std::move(event)); }, options_.recorder,
                     [this] { return reminders_after_compaction(); }},
                    options_.compaction),
        work_(executor_),
        events_(executor_),
        turn_(executor_) {
    if (!options_.output_schema_json.empty()) {
      tools_.add(make_structured_output_tool(options_.output_schema_json, structured_output_));
      structured_output_.wanted = true;
      structured_output_.max_retries = options_.max_structured_output_retries;
    }
    tools_.on_loaded([this](const std::string& definition) { routes_.add_tool(definition); });
    if (options_.restored)
      restore_conversation(*options_.restored, options_.session, conversation_, tools_, instructions_);
    options_.session.executor = executor_;
    options_.session.background = background_.get();
    options_.session.side_model = side_model_.get();
    options_.session.may_read = [this](const os::Path& path) { return runner_.may_read(path); };
    options_.session.names_host = [this](const std::string& url) { return runner_.names_host(url); };
  }

  void post(protocol::Command command) override {
    if (auto* message = std::get_if<protocol::SendMessage>(&command)) {
      // A message's content arrives as one JSON text and is kept block by block.
      std::vector<std::string> blocks = anthropic::content_blocks(message->content_json);
      if (auto reminder = deeper_reasoning_block(blocks)) blocks.insert(blocks.begin(), std::move(*reminder));
      if (!input_ended_)
        messages_.push_back(
            {std::move(blocks), "", {std::move(message->uuid), std::move(message->content_json)}});
    } else if (const auto* wish = std::get_if<protocol::Interrupt>(&command)) {
      if (wish->drop_waiting) messages_.clear();
      interrupt();
    } else {
      input_ended_ = true;
    }
    work_.notify_all();
  }

  Task<std::optional<protocol::Event>> next_event() override { return events_.pop(); }

  Task<> run() override {
    // However this ends, nothing goes on in the background after it.
    const auto clean_up = [this](void*) {
      options_.session.background = nullptr;
      background_.reset();
      events_.close();
    };
    const std::unique_ptr<void, decltype(clean_up)> at_end(this, clean_up);
    for (;;) {
      auto message = co_await next_message();
      if (!message) break;
      co_await run_turn(std::move(*message));
    }
    // Who interrupts a run wants it to end, not to wait for what goes on in the background.
    if (!interrupted_) co_await serve_background();
    co_await background_->stop_all();
  }

 private:
  // What waits for its turn is what was meant, when none runs.
  void interrupt() {
    if (turn_.size() == 0 && !messages_.empty()) {
      messages_.front().interrupted = true;
      return;
    }
    interrupted_ = true;
    turn_.cancel();
  }

  // What the next turn is about: a message of the person, or a background command that ended between turns.
  // nullopt when no message will come.
  Task<std::optional<QueuedMessage>> next_message() {
    for (;;) {
      if (!messages_.empty()) {
        QueuedMessage message = std::move(messages_.front());
        messages_.pop_front();
        rounds_used_ = notifications_ = 0;
        co_return message;
      }
      if (input_ended_) co_return std::nullopt;
      auto task = may_notify() ? background_->take_ended() : std::nullopt;
      if (task) co_return message_about(*task);
      co_await work_.wait();
    }
  }

  bool may_notify() const {
    return notifications_ < kMaxNotificationTurns &&
           (options_.max_turns <= 0 || rounds_used_ < options_.max_turns);
  }

  QueuedMessage message_about(const tools::BackgroundTask& task) {
    ++notifications_;
    return {{anthropic::text_block(background_notice(task))}, "task-notification", {}};
  }

  void emit(protocol::Event event) {
    if (options_.recorder != nullptr) options_.recorder->on_event(event);
    events_.push(std::move(event));
  }

  void on_background(const tools::BackgroundTask& task) {
    if (task.status == tools::TaskStatus::kRunning) {
      emit(protocol::TaskStarted{task.id, task.tool_use_id,
                                 task.description.empty() ? task.command : task.description});
    } else {
      emit(to_task_changed(task));
      work_.notify_all();
    }
  }

  std::vector<std::string> take_notices() {
    std::vector<std::string> notices;
    while (auto task = background_->take_ended()) notices.push_back(background_notice(*task));
    if (std::string told = instructions_.for_files(options_.session.seen_files); !told.empty())
      notices.push_back(std::move(told));
    return notices;
  }

  // The system prompt and the tools are fixed for the session: everything after them is cached behind them.
  Task<> prepare_requests() {
    if (routes_.are_ready()) co_return;
    std::string facts;
    if (!options_.system_prompt.replacement) {
      facts = co_await describe_environment(options_.session.project_dir, options_.session.child_environment,
                                            options_.clock());
    }
    if (options_.system_prompt.facts_in_message && !facts.empty()) facts_message_ = facts_message(facts);
    routes_.prepare(build_system_prompt(options_.system_prompt, facts));
  }

  protocol::SessionStarted session_started() const {
    return {options_.session.project_dir.string(),
            options_.request.model.id + (options_.request.model.long_context ? "[1m]" : ""),
            std::string(permission::to_string(options_.tool_runner.mode)), options_.credential_source,
            tools_.names()};
  }

  // A turn that no model answered.
  protocol::TurnEnded local_end(std::string text) const {
    protocol::TurnEnded ended;
    ended.text = std::move(text);
    ended.total_cost_usd = ledger_.total_cost_usd();
    ended.model_usage = ledger_.by_model();
    return ended;
  }

  // The API refuses a message without a visible letter; the session goes on.
  void end_blank_turn() {
    if (options_.recorder != nullptr) options_.recorder->on_message_forgotten();
    emit(protocol::Notice{std::string(kBlankMessage)});
    emit(local_end(std::string(kBlankMessage)));
  }

  // Before the prompt, which stays the last text of its message.
  void add_first_reminders(std::vector<std::string>& blocks) {
    if (const std::string told = instructions_.at_start(); !told.empty())
      blocks.insert(blocks.begin(), anthropic::text_block(told));
    const std::vector<std::string> deferred = tools_.deferred_names();
    if (deferred.empty()) return;
    blocks.insert(blocks.begin(), anthropic::text_block(deferred_tools_reminder(deferred)));
  }

  // Files are shown whole again, tools are loaded again: what showed them is gone.
  std::vector<std::string> reminders_after_compaction() {
    for (auto& [path, seen] : options_.session.seen_files) seen.shown_range.clear();
    std::vector<std::string> reminders;
    if (const auto names = tools_.deferred_names(); !names.empty())
      reminders.push_back(deferred_tools_reminder(names));
    if (std::string told = instructions_.at_start(); !told.empty()) reminders.push_back(std::move(told));
    return reminders;
  }

  // The command /compact; `error` says why nothing came of it.
  Task<> compact(std::string wishes, std::string& error) {
    co_await prepare_requests();
    const auto done = co_await compaction_.run(0, "manual", std::move(wishes));
    error = done ? "" : describe(done.error());
  }

  Task<bool> run_compact(const std::string& wishes) {
    if (options_.recorder != nullptr) options_.recorder->on_message_forgotten();
    std::string error;
    if (!interrupted_) {
      turn_.spawn(compact(wishes, error));
      co_await turn_.join();
    }
    if (!error.empty()) emit(protocol::Notice{error});
    protocol::TurnEnded ended = local_end(error);
    if (interrupted_) ended.outcome = protocol::TurnOutcome::kInterrupted;
    emit(std::move(ended));
    co_return !interrupted_;
  }

  // False when the turn was interrupted.
  Task<bool> run_turn(QueuedMessage message) {
    interrupted_ = message.interrupted;
    if (!message.accepted.content_json.empty()) {
      emit(std::move(message.accepted));
    } else if (options_.recorder != nullptr) {
      options_.recorder->on_added(message.blocks);
    }
    emit(session_started());
    if (const auto wishes = compact_wishes(message.blocks)) {
      const bool completed = co_await run_compact(*wishes);
      co_return completed;
    }
    if (is_blank(message.blocks)) {
      end_blank_turn();
      co_return true;
    }
    const int rounds_left = options_.max_turns > 0 ? std::max(1, options_.max_turns - rounds_used_) : 0;
    if (conversation_.size() == 0) add_first_reminders(message.blocks);
    runner_.begin_turn();
    structured_output_.begin_turn();
    Turn turn({client_, routes_.list(), conversation_, runner_, ledger_, guard_, compaction_,
               [this](protocol::Event event) { emit(std::move(event)); }, [this] { return take_notices(); },
               [this](const anthropic::StopDetails& refusal) { return routes_.switch_model(refusal); },
               [this](const std::vector<std::string>& features) { return routes_.leave_out(features); },
               options_.recorder, options_.advice, structured_output_, rounds_left, options_.max_budget_usd});
    if (!interrupted_) {
      turn_.spawn(run_to_end(turn, std::move(message.blocks)));
      co_await turn_.join();
    }
    if (interrupted_) {
      turn.close();
      turn.set_interrupted();
    }
    rounds_used_ += turn.tool_rounds();
    protocol::TurnEnded ended = turn.summary();
    ended.origin = message.origin;
    emit(std::move(ended));
    co_return !interrupted_;
  }

  // A root: whatever happens inside, the turn has its TurnEnded.
  Task<> run_to_end(Turn& turn, std::vector<std::string> blocks) {
    std::string cause;
    try {
      co_await prepare_requests();
      drop_blank_texts(blocks);
      const auto sendable = check_blocks(blocks);
      if (!sendable) {
        turn.refuse(sendable.error());
        co_return;
      }
      const size_t image_limit = max_images(options_.request.model);
      const auto fitted = co_await fit_message_media(blocks, image_limit, options_.session);
      if (!fitted) {
        turn.reject(fitted.error());
        co_return;
      }
      // Until a message with it was accepted.
      if (!facts_message_.empty() && conversation_.size() == 0)
        blocks.insert(blocks.begin(), anthropic::text_block(facts_message_));
      co_await turn.run(std::move(blocks));
      co_return;
    } catch (const boost::system::system_error& error) {
      if (error.code() == boost::asio::error::operation_aborted) throw;
      cause = error.what();
    } catch (const std::exception& error) {
      cause = error.what();
    }
    turn.close();
    turn.set_failed(cause);
  }

  // Nobody will send anything more: background commands get a short time to end, and each that does is told
  // to the model.
  Task<> serve_background() {
    while (may_notify()) {
      std::optional<tools::BackgroundTask> task = background_->take_ended();
      if (!task && background_->any_running()) {
        turn_.spawn(wait_for_background(task));
        co_await turn_.join();
      }
      if (!task || interrupted_) co_return;
      const bool completed = co_await run_turn(message_about(*task));
      if (!completed) co_return;
    }
  }

  Task<> wait_for_background(std::optional<tools::BackgroundTask>& task) {
    task = co_await async::with_timeout(background_->next_ended(), options_.background_grace);
  }

  Executor executor_;
  EngineOptions options_;
  InstructionReminders instructions_;
  anthropic::MessagesClient& client_;
  ToolSet tools_;
  ToolRunner runner_;
  std::unique_ptr<tools::BackgroundTasks> background_;
  ModelRoutes routes_;
  UsageLedger ledger_;
  std::unique_ptr<tools::SideModel> side_model_;
  ContextGuard guard_;
  Compaction compaction_;
  anthropic::Conversation conversation_;
  StructuredOutput structured_output_;
  std::deque<QueuedMessage> messages_;
  async::Event work_;  // a message came, the input ended, or a background command did
  async::Channel<protocol::Event> events_;
  async::TaskGroup turn_;      // what an Interrupt ends
  std::string facts_message_;  // for the first message
  bool input_ended_ = false;
  bool interrupted_ = false;
  int rounds_used_ = 0;    // of tool calls since the last message of the person
  int notifications_ = 0;  // turns about background commands since then
};

}  // namespace

std::unique_ptr<Engine> make_engine(Executor executor, EngineOptions options,
                                    anthropic::MessagesClient& client, protocol::Host& host) {
  return std::make_unique<EngineImpl>(std::move(executor), std::move(options), client, host);
}

}  // namespace awl::agent
