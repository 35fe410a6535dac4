#include "agent/subagent_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/after_compaction.h"
#include "agent/reminder.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "memory/notes.h"
#include "os/path.h"

namespace awl::agent {

namespace {

// What only the session itself can do.
constexpr std::string_view kNotForSubagents[] = {"AskUserQuestion", "EnterPlanMode", "ExitPlanMode",
                                                 "TaskOutput"};

bool names_tool(const std::vector<std::string>& list, const std::string& name) {
  return std::ranges::any_of(list, [&name](const std::string& entry) {
    const std::string_view plain = std::string_view(entry).substr(0, entry.find('('));
    if (plain == name || (plain == "Task" && name == "Agent")) return true;
    // A server, or all of its tools.
    const std::string_view server = plain.ends_with("__*") ? plain.substr(0, plain.size() - 3) : plain;
    return server.starts_with("mcp__") && name.starts_with(std::string(server) + "__");
  });
}

// Text that looks as if the product itself had said it.
std::string defuse(std::string text) {
  for (const std::string_view tag : {"<system-reminder", "</system-reminder", "<task-notification"})
    text = replace_all(std::move(text), tag, "\\" + std::string(tag));
  return text;
}

permission::Mode choose_subagent_mode(permission::Mode session, const std::string& wish) {
  using enum permission::Mode;
  if (session == kBypass || session == kAcceptEdits || session == kAuto || wish.empty()) return session;
  const auto mode = permission::parse_mode(wish);
  // Nobody becomes freer than the session by a file.
  return mode && *mode != kBypass && *mode != kAuto ? *mode : session;
}

}  // namespace

SubagentRun::SubagentRun(SubagentContext& context, const SubagentLimits& limits, SubagentCall call,
                         const extensions::AgentDefinition& type)
    : context_(context),
      limits_(limits),
      call_(std::move(call)),
      type_(type),
      id_("a" + random_hex(8)),
      instructions_(type.knows_project ? context.options.instructions : std::nullopt),
      guard_(context.options.token_counter, context.ledger) {
  EngineOptions& session = context.options;
  options_.provider = session.provider;
  options_.request = session.request;
  options_.fallbacks = session.fallbacks;
  options_.refusal_fallbacks = session.refusal_fallbacks;
  options_.on_left_out = session.on_left_out;
  options_.advice = session.advice;
  options_.compaction = session.compaction;
  options_.session = session.session;
  options_.session.seen_files.clear();
  options_.session.notes_dir = choose_notes();
  options_.tool_runner = session.tool_runner;
  options_.tool_runner.rules = context.runner.rules();
  settings_rules_ = session.settings.rules;
  options_.tool_runner.mode = choose_subagent_mode(context.runner.mode(), type.permission_mode);
  options_.tool_runner.fixed_folder = true;
  options_.tool_runner.may_defer = false;
  choose_model();
  if (session.make_recorder) recorder_ = session.make_recorder(id_);
  choose_tools();
}

// Of its own, where the session keeps notes at all.
os::Path SubagentRun::choose_notes() const {
  const EngineOptions& session = context_.options;
  if (session.session.notes_dir.empty() || type_.memory.empty()) return {};
  const std::string name = replace_all(type_.name, ":", "-");
  const os::Path claude_dir =
      session.instructions ? session.instructions->claude_dir : session.session.home / ".claude";
  os::Path folder;
  if (type_.memory == "user") folder = claude_dir / "agent-memory" / name;
  if (type_.memory == "project") folder = session.session.project_dir / ".claude" / "agent-memory" / name;
  if (type_.memory == "local") folder = session.session.project_dir / ".claude" / "agent-memory-local" / name;
  return folder.empty() ? folder : os::resolve_links(folder);
}

void SubagentRun::choose_model() {
  std::string wish = limits_.model.empty() || limits_.model == "inherit" ? call_.model : limits_.model;
  if (wish.empty() || wish == "inherit") wish = type_.model;
  if (context_.options.request_for && !(wish.empty() && type_.effort.empty())) {
    auto request = context_.options.request_for({wish, type_.effort, std::nullopt});
    request.left_out.insert(options_.request.left_out.begin(), options_.request.left_out.end());
    options_.request = std::move(request);
    if (!wish.empty()) options_.fallbacks.clear();
  }
  options_.request.agent_id = id_;
  for (anthropic::RequestSettings& fallback : options_.fallbacks) fallback.agent_id = id_;
}

// A rule that the person adds holds for what runs already.
Task<> SubagentRun::follow_settings() {
  co_await context_.follow_settings();
  const permission::Rules& now = context_.options.settings.rules;
  runner_->change_rules([&](permission::Rules& rules) { replace_rules(rules, settings_rules_, now); });
  settings_rules_ = now;
}

std::vector<std::string> SubagentRun::reminders_after_compaction() {
  std::vector<std::string> reminders{instructions_.at_start()};
  std::erase(reminders, "");
  for (std::string& text : what_comes_along(options_.session, *skills_, *runner_))
    reminders.push_back(std::move(text));
  return reminders;
}

void SubagentRun::choose_tools() {
  ToolSelection selection = context_.options.tool_selection;
  if (type_.tools) selection.only = std::vector<std::string>();
  if (type_.tools) {
    for (const std::string& entry : *type_.tools) selection.only->push_back(entry.substr(0, entry.find('(')));
  }
  // It can always see to its notes.
  const bool has_notes = !options_.session.notes_dir.empty();
  const auto is_for_notes = [has_notes](const std::string& name) {
    return has_notes && (name == "Read" || name == "Write" || name == "Edit");
  };
  if (selection.only && has_notes) selection.only->insert(selection.only->end(), {"Read", "Write", "Edit"});
  // The runner comes after the tools that it runs; nothing is invoked before it is there.
  skills_ = std::make_unique<SkillSet>(context_.skills(), [this]() -> ToolRunner& { return *runner_; });
  auto all = context_.make_tools(
      *skills_, [this](std::string text) { skill_texts_.push_back(std::move(text)); }, call_.depth + 1);
  std::erase_if(all, [&](const std::unique_ptr<tools::Tool>& tool) {
    const std::string& name = tool->spec().name;
    const bool withheld = std::ranges::find(kNotForSubagents, name) != std::end(kNotForSubagents);
    return withheld || names_tool(type_.disallowed_tools, name) ||
           (type_.tools && !names_tool(*type_.tools, name) && !is_for_notes(name));
  });
  tools_ = std::make_unique<ToolSet>(std::move(all), selection, options_.tool_runner.rules);
  runner_ = std::make_unique<ToolRunner>(*tools_, options_.session, context_.host, options_.tool_runner);
  runner_->set_agent(id_);
  runner_->set_auto_mode(context_.auto_mode, conversation_);
  runner_->set_checkpoints(context_.checkpoints);
  if (const auto& observe = context_.options.observe)
    runner_->on_decided = [this, &observe](const protocol::ToolDecided& decided) {
      observe(decided, type_.name);
    };
  runner_->before_round = [this] { return follow_settings(); };
  runner_->on_permission_updates = context_.runner.on_permission_updates;
  options_.session.may_read = [this](const os::Path& path) { return runner_->may_read(path); };
  options_.session.names_host = [this](const std::string& url) { return runner_->names_host(url); };
  hooks_ = std::make_unique<SessionHooks>(
      context_.executor, make_hooks(), hook_facts(), options_.session, [this] { return runner_->mode(); },
      [this](protocol::Event event) { context_.emit(std::move(event)); });
  hooks_->call_back = context_.hooks.call_back;
  hooks_->call_mcp_tool = context_.hooks.call_mcp_tool;
  runner_->set_hooks(*hooks_);
  routes_ = std::make_unique<ModelRoutes>(options_, *tools_);
  tools_->on_loaded([this](const std::string& definition) { routes_->add_tool(definition); });
  compaction_ = std::make_unique<Compaction>(
      CompactionContext{context_.client, routes_->list(), conversation_, context_.ledger, guard_,
                        [](protocol::Event) {}, recorder_.get(),
                        [this] { return reminders_after_compaction(); }, hooks_.get()},
      options_.compaction);
}

// Those of the session, and its own, whose Stop is the end of this subagent.
HookSettings SubagentRun::make_hooks() {
  HookSettings settings;
  settings.table = context_.hooks.runner().table();
  if (type_.hooks.is_object() && (!type_.of_project || context_.options.trusted)) {
    json::Value own = json::Value::object();
    for (const auto& [event, groups] : type_.hooks.items())
      own[event == "Stop" ? "SubagentStop" : event] = groups;
    std::vector<std::string> problems;
    settings.table.add(own, {.name = type_.file.string(), .scope = "agent:" + type_.name, .variables = {}},
                       problems);
    for (const std::string& problem : problems) context_.emit(protocol::Notice{problem});
  }
  return settings;
}

HookFacts SubagentRun::hook_facts() const {
  os::Path folder = context_.options.transcript_path;
  folder.replace_extension();
  HookFacts facts{context_.options.transcript_path, options_.request.reasoning.effort, id_, type_.name};
  facts.agent_transcript_path = (folder / "subagents" / fmt::format("agent-{}.jsonl", id_)).string();
  return facts;
}

// Tool calls and results go out under the call that began all this; what it says goes to its transcript
// alone.
void SubagentRun::emit(protocol::Event event) {
  if (recorder_) recorder_->on_event(event);
  if (context_.options.observe) context_.options.observe(event, type_.name);
  if (auto* block = std::get_if<protocol::AssistantBlock>(&event)) {
    const bool is_call = block->block_json.contains(R"("type":"tool_use")");
    if (is_call) ++tool_calls_;
    if (!is_call && !context_.options.forward_subagent_text) return;
    block->parent_tool_use_id = call_.tool_use_id;
  } else if (auto* finished = std::get_if<protocol::ToolFinished>(&event)) {
    finished->parent_tool_use_id = call_.tool_use_id;
  } else if (!std::holds_alternative<protocol::RetryScheduled>(event) &&
             !std::holds_alternative<protocol::Notice>(event)) {
    return;
  }
  context_.emit(std::move(event));
}

Task<Result<>> SubagentRun::prepare() {
  if (type_.tools && !type_.tools->empty() && tools_->names().empty()) {
    co_return fail(ErrorKind::kInvalidInput,
                   fmt::format("The subagent {} would have no tools: none of {} is there", type_.name,
                               join(*type_.tools, ", ")));
  }
  if (type_.isolated || call_.isolated) {
    auto opened = co_await open_own_worktree();
    AWL_CO_TRY(worktree_, std::move(opened));
    options_.session.project_dir = options_.session.cwd = worktree_->path;
  }
  std::string facts = co_await context_.environment_facts();
  if (worktree_)
    facts += fmt::format("\nYou work in a git worktree of your own, {}: stay below it.\n",
                         worktree_->path.string());
  std::vector<std::string> system;
  if (!type_.prompt.empty()) system.push_back(type_.prompt);
  std::string last = type_.knows_project ? facts : facts.substr(0, facts.find("\nGit status when"));
  if (const os::Path& notes = options_.session.notes_dir; !notes.empty()) {
    last += memory::describe_notes(notes);
    const auto index = os::read_file(notes / memory::kNotesIndex, memory::kMaxIndexRead);
    if (index && !trim(*index).empty())
      last += fmt::format("\nIts index, {}:\n{}\n", memory::kNotesIndex, memory::told_part(to_utf8(*index)));
  }
  if (!limits_.more_prompt.empty()) last += (last.empty() ? "" : "\n") + limits_.more_prompt;
  if (!last.empty()) system.push_back(std::move(last));
  routes_->prepare(std::move(system));
  co_return Result<>();
}

// A hook may make it in its own way, of whatever it is a checkout.
Task<Result<Worktree>> SubagentRun::open_own_worktree() {
  const std::string name = "agent-" + id_;
  if (!hooks_->has("WorktreeCreate")) {
    auto opened = co_await open_worktree(options_.session.project_dir, name, context_.options.worktrees,
                                         options_.session.child_environment);
    co_return opened;
  }
  const auto made = co_await hooks_->run({"WorktreeCreate", "", json::dump({{"name", name}})});
  const os::Path path(made.worktree_path);
  const os::Path whole =
      os::absolute_path(made.worktree_path, options_.session.project_dir, options_.session.home);
  if (made.worktree_path.empty() || !made.errors.empty())
    co_return fail(ErrorKind::kIo, "the WorktreeCreate hook made no worktree: it gave no path");
  if (!os::is_folder(whole) || (path.is_absolute() && path != path.lexically_normal()) ||
      os::resolve_links(whole) != whole)
    co_return fail(ErrorKind::kInvalidInput,
                   fmt::format("the WorktreeCreate hook gave {}, which is no folder that can be worked in",
                               made.worktree_path));
  worktree_is_of_hook_ = true;
  co_return Worktree{.root = options_.session.project_dir, .path = whole, .base = {}, .is_new = true};
}

Task<bool> SubagentRun::close_own_worktree() {
  if (!worktree_is_of_hook_) {
    const bool removed = co_await remove_if_unchanged(*worktree_, options_.session.child_environment);
    co_return removed;
  }
  co_await hooks_->run({"WorktreeRemove", "", json::dump({{"worktree_path", worktree_->path.string()}})});
  co_return !os::is_folder(worktree_->path);
}

Task<std::vector<std::string>> SubagentRun::first_message() {
  std::vector<std::string> blocks;
  const auto add = [&blocks](const std::string& text) {
    if (!text.empty()) blocks.push_back(anthropic::text_block(text));
  };
  if (const auto deferred = tools_->deferred_names(); !deferred.empty())
    add(deferred_tools_reminder(deferred));
  if (tools_->has("Agent")) add(context_.types.list());
  if (tools_->has("Skill")) add(skills_->list());
  add(instructions_.at_start());
  const auto outcome = co_await hooks_->run(
      {"SubagentStart", type_.name, json::dump({{"agent_id", id_}, {"agent_type", type_.name}})});
  for (const std::string& context : outcome.contexts)
    add(reminder(fmt::format("A SubagentStart hook says: {}", context)));
  for (const std::string& name : type_.skills) {
    const extensions::Skill* skill = skills_->find(name);
    if (skill == nullptr || !skill->for_model) continue;
    const auto text = co_await skills_->invoke(*skill, "");
    if (text) add(*text);
  }
  add(call_.prompt);
  co_return blocks;
}

Task<tools::ToolResult> SubagentRun::run() {
  const auto started = std::chrono::steady_clock::now();
  context_.emit(protocol::TaskStarted{id_, call_.tool_use_id, call_.description, "local_agent"});
  std::vector<std::string> blocks = co_await first_message();
  if (recorder_) {
    recorder_->on_event(protocol::MessageAccepted{make_uuid(), json::dump(json::Value(call_.prompt))});
  }
  context_.emit(protocol::SubagentPrompt{make_uuid(), call_.tool_use_id, call_.prompt});
  Turn turn({context_.client, routes_->list(), conversation_, *runner_, context_.ledger, guard_, *compaction_,
             [this](protocol::Event event) { emit(std::move(event)); },
             [this] {
               std::vector<std::string> notices = hooks_->take_contexts();
               for (std::string& text : std::exchange(skill_texts_, {})) notices.push_back(std::move(text));
               if (std::string told = instructions_.for_files(options_.session.seen_files); !told.empty())
                 notices.push_back(std::move(told));
               return notices;
             },
             [this](const anthropic::StopDetails& refusal) { return routes_->switch_model(refusal); },
             [this](const std::vector<std::string>& features) { return routes_->leave_out(features); },
             recorder_.get(), options_.advice, output_, hooks_.get(), type_.max_turns,
             context_.options.max_budget_usd});
  co_await turn.run(std::move(blocks), "");
  protocol::TurnEnded ended = turn.summary();
  ended.duration =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  for (const protocol::PermissionDenial& denial : ended.permission_denials)
    context_.runner.note_denial(denial);
  tools::ToolResult result = report(ended);
  if (runner_->mode() == permission::Mode::kAuto && tool_calls_ > 0 && !result.is_error) {
    const auto warning = co_await context_.auto_mode.review(conversation_);
    if (warning) result.text = *warning + "\n\n" + result.text;
  }
  if (worktree_) {
    const bool removed = co_await close_own_worktree();
    if (!removed)
      result.text += fmt::format("\n\nIts changes are in the worktree {}.", worktree_->path.string());
  }
  context_.emit(protocol::TaskChanged{id_, call_.tool_use_id, result.is_error ? "failed" : "completed",
                                      call_.description, hooks_->facts().agent_transcript_path});
  co_return result;
}

tools::ToolResult SubagentRun::report(const protocol::TurnEnded& ended) const {
  using enum protocol::TurnOutcome;
  if (ended.outcome == kApiError)
    return tools::ToolResult::error(fmt::format("The subagent {} broke off: {}", id_, ended.text));
  std::string text = defuse(ended.text);
  if (ended.outcome == kMaxTurns || ended.outcome == kMaxBudget)
    text = fmt::format("The subagent {} did not finish. {}", id_, text);
  if (text.empty()) text = "The subagent ended without a report.";
  const anthropic::TokenUsage& usage = ended.usage;
  const int64_t tokens = usage.input_tokens + usage.output_tokens + usage.cache_read_input_tokens +
                         usage.cache_creation_input_tokens;
  tools::ToolResult result;
  result.structured_json = json::dump({{"status", "completed"},
                                       {"prompt", call_.prompt},
                                       {"agentId", id_},
                                       {"agentType", type_.name},
                                       {"content", json::Value::array({{{"type", "text"}, {"text", text}}})},
                                       {"resolvedModel", model()},
                                       {"totalTokens", tokens},
                                       {"totalDurationMs", ended.duration.count()},
                                       {"totalToolUseCount", tool_calls_},
                                       {"usage",
                                        {{"input_tokens", usage.input_tokens},
                                         {"output_tokens", usage.output_tokens},
                                         {"cache_creation_input_tokens", usage.cache_creation_input_tokens},
                                         {"cache_read_input_tokens", usage.cache_read_input_tokens}}}});
  result.text = std::move(text);
  return result;
}

}  // namespace awl::agent
