// One message, from its acceptance to its TurnEnded.
#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/after_compaction.h"
#include "agent/background_notice.h"
#include "agent/engine_impl.h"
#include "agent/environment_facts.h"
#include "agent/media_relief.h"
#include "agent/message_blocks.h"
#include "agent/message_media.h"
#include "agent/reminder.h"
#include "base/uuid.h"
#include "memory/notes.h"

namespace awl::agent {

namespace {

constexpr std::string_view kAutoModeAdvice =
    "The person lets you work by yourself: calls are not shown to them but judged by rules and by a model. "
    "Go on without "
    "asking what you can decide, stay within what they asked for, and where a call is blocked, say what you "
    "would need.";
constexpr std::string_view kBlankMessage = "The message was blank: nothing was sent to the model.";

}  // namespace

std::vector<std::string> EngineImpl::take_notices() {
  std::vector<std::string> notices;
  while (auto task = background_->take_ended()) notices.push_back(background_notice(*task));
  if (std::string told = instructions_.for_files(options_.session.seen_files); !told.empty())
    notices.push_back(std::move(told));
  tell_hooks_of_instructions(false);
  for (std::string& context : hooks_->take_contexts()) notices.push_back(std::move(context));
  while (auto report = subagents_->take_ended()) notices.push_back(*report);
  if (std::string told = skills_->list_for(options_.session.seen_files); !told.empty())
    notices.push_back(std::move(told));
  for (std::string& told : take_mcp_notices()) notices.push_back(std::move(told));
  for (std::string& text : std::exchange(skill_texts_, {})) notices.push_back(std::move(text));
  return notices;
}

// The system prompt and the tools are fixed for the session: everything after them is cached behind them.
Task<> EngineImpl::prepare_requests() {
  if (routes_.are_ready()) co_return;
  std::string facts;
  if (!options_.system_prompt.replacement) facts = co_await environment_facts();
  if (!facts.empty() && !options_.session.notes_dir.empty())
    facts += memory::describe_notes(options_.session.notes_dir);
  if (options_.system_prompt.facts_in_message && !facts.empty()) facts_message_ = facts_message(facts);
  routes_.prepare(build_system_prompt(options_.system_prompt, facts));
}

Task<std::string> EngineImpl::environment_facts() {
  if (!facts_) {
    facts_ = co_await describe_environment(options_.session.project_dir, options_.session.child_environment,
                                           options_.clock());
  }
  co_return *facts_;
}

protocol::SessionStarted EngineImpl::session_started() const {
  protocol::SessionStarted started;
  started.cwd = options_.session.project_dir.string();
  started.model = options_.request.model.id + (options_.request.model.long_context ? "[1m]" : "");
  started.permission_mode = permission::to_string(runner_.mode());
  started.credential_source = options_.credential_source;
  started.tools = tools_.names();
  // Clients know the tool by its former name.
  for (std::string& name : started.tools) name = name == "Agent" ? "Task" : name;
  for (const extensions::Skill& skill : skills_->all()) {
    if (skill.for_person) started.slash_commands.push_back(skill.name);
    if (!skill.is_command) started.skills.push_back(skill.name);
  }
  for (const OwnCommand& command : own_commands()) started.slash_commands.push_back(command.name);
  for (const extensions::AgentDefinition& agent : agent_types_.all()) started.agents.push_back(agent.name);
  if (options_.output_style) started.output_style = options_.output_style->name;
  for (const auto& server : mcp_->servers()) {
    started.mcp_servers.emplace_back(server->config.name, mcp::to_string(server->status));
    if (server->status != mcp::Status::kConnected) continue;
    for (const mcp::PromptInfo& prompt : server->client->prompts())
      started.slash_commands.push_back(mcp_prefix(server->config.name) + mcp::tool_part(prompt.name));
  }
  for (const PluginLabel& plugin : options_.plugins) started.plugins.emplace_back(plugin.name, plugin.path);
  return started;
}

// A turn that no model answered.
protocol::TurnEnded EngineImpl::local_end(std::string text) const {
  protocol::TurnEnded ended;
  ended.text = std::move(text);
  ended.total_cost_usd = ledger_.total_cost_usd();
  ended.model_usage = ledger_.by_model();
  return ended;
}

// The API, or a hook, would not have the message; the session goes on without it.
protocol::TurnEnded EngineImpl::forget_message(const std::string& notice) {
  if (options_.recorder != nullptr) options_.recorder->on_message_forgotten();
  emit(protocol::Notice{notice});
  return local_end(notice);
}

// Before the prompt, which stays the last text of its message.
void EngineImpl::add_first_reminders(std::vector<std::string>& blocks) {
  told_tools_.clear();
  std::vector<std::string> told = take_mcp_notices();
  add_standing_reminders(told);
  for (std::string& text : told) text = anthropic::text_block(text);
  blocks.insert(blocks.begin(), told.begin(), told.end());
}

// What holds for the whole session.
void EngineImpl::add_standing_reminders(std::vector<std::string>& told) {
  if (tools_.has("Agent")) told.push_back(agent_types_.list());
  if (tools_.has("Skill")) told.push_back(skills_->list());
  told.push_back(instructions_.at_start());
  tell_hooks_of_instructions(conversation_.size() > 0);
  if (runner_.mode() == permission::Mode::kAuto) told.push_back(reminder(kAutoModeAdvice));
  std::erase(told, "");
}

void EngineImpl::add_contexts(std::vector<std::string>& blocks) {
  std::vector<std::string> contexts;
  if (const std::string note = std::exchange(options_.opening_note, ""); !note.empty())
    contexts.push_back(anthropic::text_block(note));
  for (const std::string& context : hooks_->take_contexts())
    contexts.push_back(anthropic::text_block(context));
  blocks.insert(blocks.begin(), contexts.begin(), contexts.end());
}

// Files are shown whole again, tools are loaded again: what showed them is gone.
std::vector<std::string> EngineImpl::reminders_after_compaction() {
  std::vector<std::string> reminders;
  if (const auto names = tools_.deferred_names(); !names.empty())
    reminders.push_back(deferred_tools_reminder(names));
  add_standing_reminders(reminders);
  if (plan_is_told_) reminders.push_back(plan_advice());
  for (std::string& text : what_comes_along(options_.session, *skills_, runner_))
    reminders.push_back(std::move(text));
  return reminders;
}

// `error` says why nothing came of it.
Task<> EngineImpl::compact(std::string wishes, std::optional<size_t> kept, std::string& error) {
  co_await prepare_requests();
  const auto done = co_await compaction_.run(0, "manual", std::move(wishes), kept);
  error = done ? "" : describe(done.error());
}

Task<bool> EngineImpl::run_compact(const std::string& wishes, std::optional<size_t> kept) {
  std::string error;
  if (!interrupted_) {
    turn_.spawn(compact(wishes, kept, error));
    co_await turn_.join();
  }
  if (!error.empty()) emit(protocol::Notice{error});
  protocol::TurnEnded ended = local_end(error);
  if (interrupted_) ended.outcome = protocol::TurnOutcome::kInterrupted;
  emit(std::move(ended));
  co_return !interrupted_;
}

Task<bool> EngineImpl::sum_up(const protocol::SumUpBefore& wish) {
  emit(session_started());
  const auto at = conversation_.find(wish.message_uuid);
  if (!at || *at == 0) {
    emit(protocol::Notice{at ? "Nothing came before that message."
                             : "That message is not in the conversation any more."});
    emit(local_end(""));
    co_return true;
  }
  const bool completed = co_await run_compact(wish.wishes, conversation_.size() - *at);
  co_return completed;
}

// What happens once, before the first message is looked at.
Task<> EngineImpl::start_session() {
  if (std::exchange(session_started_, true)) co_return;
  co_await wait_for_hosted();
  if (options_.mcp_connect_limit.count() > 0) co_await mcp_->wait(options_.mcp_connect_limit);
  if (const std::string& trigger = options_.setup_trigger; !trigger.empty()) {
    const auto outcome = co_await hooks_->run({"Setup", trigger, json::dump({{"trigger", trigger}})});
    hooks_->keep_contexts("Setup", outcome.contexts);
  }
  std::string source = "startup";
  if (options_.restored) source = options_.restored->forked ? "fork" : "resume";
  heed_start(co_await hooks_->start_session(source, options_.request.model.id));
}

// UserPromptSubmit: hooks may keep the message from the model, and add to it.
Task<> EngineImpl::submit_prompt(QueuedMessage& message, std::optional<protocol::TurnEnded>& ended) {
  if (!hooks_->has("UserPromptSubmit")) co_return;
  const std::string prompt = text_of(message.blocks);
  const auto outcome = co_await hooks_->run({"UserPromptSubmit", "", json::dump({{"prompt", prompt}})});
  if (outcome.blocked || outcome.stop) {
    const std::string& reason = outcome.blocked ? outcome.reason : outcome.stop_reason;
    ended = forget_message("A UserPromptSubmit hook stopped this message: " + reason);
    co_return;
  }
  if (!outcome.session_title.empty()) rename(outcome.session_title);
  hooks_->keep_contexts("UserPromptSubmit", outcome.contexts);
}

Task<> EngineImpl::open_turn(QueuedMessage& message, std::optional<protocol::TurnEnded>& ended) {
  co_await start_session();
  co_await follow_settings();
  if (!message.origin.empty()) co_return;
  const auto command = options_.slash_commands ? slash_command_of(message.blocks) : std::nullopt;
  if (command && command->name == "compact") co_return;
  co_await submit_prompt(message, ended);
  if (ended) co_return;
  if (command) {
    co_await run_command(*command, message, ended);
  } else {
    co_await attach_files(message.blocks);
  }
}

Task<bool> EngineImpl::run_turn(QueuedMessage message) {
  interrupted_ = message.interrupted;
  if (options_.opens_itself && !session_started_ && !interrupted_) {
    turn_.spawn(start_session());
    co_await turn_.join();
    if (!initial_message_.empty()) {
      // It comes first; what was to be said follows.
      const std::string block = anthropic::text_block(std::exchange(initial_message_, ""));
      messages_.push_front(std::move(message));
      message = {{block}, "", {make_uuid(), fmt::format("[{}]", block)}};
    }
  }
  if (message.sum_up) {
    const bool completed = co_await sum_up(*message.sum_up);
    co_return completed;
  }
  if (checkpoints_ && !message.accepted.uuid.empty()) checkpoints_->begin_message(message.accepted.uuid);
  if (message.origin.empty()) runner_.end_grants();
  if (message.blocks.empty() && !deferred_call_.empty()) {
    // Nothing is said: the call that was put off is made.
  } else if (!message.accepted.content_json.empty()) {
    // Its uuid is needed later.
    emit(protocol::MessageAccepted{message.accepted.uuid, std::move(message.accepted.content_json)});
  } else if (options_.recorder != nullptr) {
    options_.recorder->on_added(message.blocks);
  }
  std::optional<protocol::TurnEnded> ended;
  if (!interrupted_) {
    turn_.spawn(open_turn(message, ended));
    co_await turn_.join();
  }
  emit(session_started());
  if (ended) {
    emit(std::move(*ended));
    co_return true;
  }
  const auto command = slash_command_of(message.blocks);
  if (options_.slash_commands && message.origin.empty() && command && command->name == "compact") {
    if (options_.recorder != nullptr) options_.recorder->on_message_forgotten();
    const bool completed = co_await run_compact(command->arguments, std::nullopt);
    co_return completed;
  }
  if (is_blank(message.blocks) && deferred_call_.empty()) {
    emit(forget_message(std::string(kBlankMessage)));
    co_return true;
  }
  const bool completed = co_await answer(std::move(message));
  co_return completed;
}

TurnContext EngineImpl::turn_context(int rounds_left) {
  return {client_,
          routes_.list(),
          conversation_,
          runner_,
          ledger_,
          guard_,
          compaction_,
          [this](protocol::Event event) { emit(std::move(event)); },
          [this] { return take_notices(); },
          [this](const anthropic::StopDetails& refusal) { return routes_.switch_model(refusal); },
          [this](const std::vector<std::string>& features) { return routes_.leave_out(features); },
          options_.recorder,
          options_.advice,
          structured_output_,
          hooks_.get(),
          rounds_left,
          options_.max_budget_usd,
          options_.watch_prefix ? &prefix_watch_ : nullptr};
}

Task<bool> EngineImpl::answer(QueuedMessage message) {
  const int rounds_left = options_.max_turns > 0 ? std::max(1, options_.max_turns - rounds_used_) : 0;
  add_contexts(message.blocks);
  add_plan_reminder(message.blocks);
  if (conversation_.size() == 0) add_first_reminders(message.blocks);
  runner_.begin_turn();
  structured_output_.begin_turn();
  Turn turn(turn_context(rounds_left));
  if (!interrupted_) {
    turn_.spawn(run_to_end(turn, std::move(message.blocks), message.accepted.uuid));
    co_await turn_.join();
  }
  if (interrupted_) {
    turn.close();
    turn.set_interrupted();
  }
  routes_.end_turn();
  rounds_used_ += turn.tool_rounds();
  protocol::TurnEnded ended = turn.summary();
  ended.origin = message.origin;
  if (!turn.error_category().empty()) {
    const json::Value fields{{"error", turn.error_category()}, {"last_assistant_message", ended.text}};
    turn_.spawn(hooks_->run_and_forget({"StopFailure", turn.error_category(), json::dump(fields)}));
    co_await turn_.join();
  }
  emit(std::move(ended));
  co_return !interrupted_;
}

// A root: whatever happens inside, the turn has its TurnEnded.
Task<> EngineImpl::run_to_end(Turn& turn, std::vector<std::string> blocks, std::string message_uuid) {
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
    co_await turn.run(std::move(blocks), std::move(message_uuid), std::exchange(deferred_call_, ""));
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

}  // namespace awl::agent
