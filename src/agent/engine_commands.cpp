// Messages that are commands, skills that they invoke, and files that they name.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/engine_impl.h"
#include "agent/message_blocks.h"
#include "agent/reminder.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "os/path.h"
#include "tools/registry.h"

namespace awl::embedded {
extern const std::string_view init_command_md;
}  // namespace awl::embedded

namespace awl::agent {

namespace {

constexpr size_t kMaxStacked = 6;
constexpr size_t kMaxMentions = 20;
constexpr size_t kMaxListedNames = 500;

// The last text of a message is what the person wrote.
void replace_text(std::vector<std::string>& blocks, const std::vector<std::string>& texts) {
  std::erase_if(blocks, [](const std::string& written) {
    const auto block = json::parse(written);
    return block && json::string_or_empty(*block, "type") == "text";
  });
  for (const std::string& text : texts) blocks.push_back(anthropic::text_block(text));
}

}  // namespace

// As the program wished before, with another model or effort.
anthropic::RequestSettings EngineImpl::request_for(const std::string& model,
                                                   const std::string& effort) const {
  if (!options_.request_for) return model.empty() ? options_.request : options_.small_request;
  RequestWish wish = wish_;
  if (!model.empty()) wish.model = model;
  if (!effort.empty()) wish.effort = effort;
  return options_.request_for(wish);
}

// Agent and Skill are made here, because what they work with is.
std::vector<std::unique_ptr<tools::Tool>> EngineImpl::make_tools(SkillSet& skills,
                                                                 std::function<void(std::string)> deliver,
                                                                 int agent_depth) {
  auto all = tools::make_builtin_tools();
  all.push_back(make_exit_plan_mode_tool(mode_switch()));
  // A run that nobody can answer would not come out of the mode any more.
  if (host_.can_ask()) all.push_back(make_enter_plan_mode_tool(mode_switch()));
  // Subagents have what is connected when they begin.
  if (!options_.mcp_servers.empty() || !mcp_->servers().empty() || options_.mcp_may_come) {
    for (auto& tool : make_resource_tools(*mcp_, options_.mcp_limits)) all.push_back(std::move(tool));
  }
  for (const auto& server : mcp_->servers()) {
    for (auto& tool : make_mcp_tools(*mcp_, server->config.name, options_.mcp_limits))
      all.push_back(std::move(tool));
  }
  if (options_.offers_agents && !agent_types_.all().empty() && agent_depth <= options_.subagents.max_depth)
    all.push_back(make_agent_tool([this]() -> Subagents& { return *subagents_; }, agent_types_, agent_depth));
  if (skills.has_any_for_model()) {
    all.push_back(make_skill_tool(
        skills, std::move(deliver),
        [this, agent_depth](const extensions::Skill& skill, std::string text, std::string tool_use_id) {
          return fork_skill(skill, std::move(text), std::move(tool_use_id), agent_depth);
        }));
  }
  return all;
}

SkillSetOptions EngineImpl::skill_options() const {
  return {skill_list_,
          {options_.session.id, options_.request.reasoning.effort, options_.session.project_dir},
          options_.skill_list_bytes,
          options_.skill_shell};
}

SubagentContext EngineImpl::subagent_context() {
  return {executor_,
          options_,
          client_,
          host_,
          runner_,
          *auto_mode_,
          *hooks_,
          agent_types_,
          ledger_,
          [this](SkillSet& skills, std::function<void(std::string)> deliver, int depth) {
            return make_tools(skills, std::move(deliver), depth);
          },
          [this] { return skill_options(); },
          [this] { return environment_facts(); },
          checkpoints_.get(),
          [this] { return follow_settings(); },
          [this](protocol::Event event) { events_.push(std::move(event)); },
          [this] { work_.notify_all(); }};
}

void EngineImpl::add_skill_hooks(const extensions::Skill& skill) {
  hooks::HookSource source{.name = skill.file.string(), .scope = "skill:" + skill.name, .variables = {}};
  if (!skill.plugin_root.empty()) source.variables["CLAUDE_PLUGIN_ROOT"] = skill.plugin_root.string();
  std::vector<std::string> problems;
  hooks_->runner().table().add(skill.hooks, source, problems);
  emit_notices(problems);
}

Task<tools::ToolResult> EngineImpl::fork_skill(const extensions::Skill& skill, std::string text,
                                               std::string tool_use_id, int depth) {
  SubagentCall call;
  call.type = skill.agent.empty() ? std::string(kGeneralPurpose) : skill.agent;
  call.prompt = std::move(text);
  call.description = "skill " + skill.name;
  call.model = skill.model;
  call.tool_use_id = std::move(tool_use_id);
  call.depth = depth;
  auto result = co_await subagents_->run(std::move(call));
  co_return result;
}

// Several skills may stand before one text, which each of them gets.
Task<> EngineImpl::run_command(SlashCommand command, QueuedMessage& message,
                               std::optional<protocol::TurnEnded>& ended) {
  if (command.name == "context") {
    co_await prepare_requests();
    ended = forget_message(to_text(measure_context(), command.arguments == "all"));
    co_return;
  }
  if (command.name == "init" && skills_->find("init") == nullptr) {
    std::string text(trim(embedded::init_command_md));
    if (!command.arguments.empty()) text += "\n\nThe person adds: " + command.arguments;
    replace_text(message.blocks, {describe_command(command), std::move(text)});
    co_return;
  }
  if (command.name == "add-dir") {
    const auto added = add_folder(command.arguments);
    ended =
        forget_message(added ? "The folder is a work folder of this session now." : describe(added.error()));
    co_return;
  }
  if (command.name == "memory") {
    ended = forget_message(describe_memory());
    co_return;
  }
  if (command.name == "config" && options_.configure) {
    const auto said = options_.configure(command.arguments);
    ended = forget_message(said ? *said : describe(said.error()));
    co_return;
  }
  if (command.name == "cost") {
    ended =
        forget_message(fmt::format("This session has cost about ${:.4f} so far.", ledger_.total_cost_usd()));
    co_return;
  }
  if (command.name == "clear") {
    clear_conversation();
    ended = forget_message("The conversation begins anew.");
    co_await hooks_->start_session("clear", options_.request.model.id);
    co_return;
  }
  const extensions::Skill* skill = skills_->find(command.name);
  if (skill == nullptr && command.name.starts_with("mcp__")) {
    const bool known = co_await run_mcp_prompt(command, message, ended);
    if (known) co_return;
  }
  if (skill == nullptr || !skill->for_person) {
    ended = forget_message(skill == nullptr
                               ? fmt::format("There is no command /{} here. Commands are files under "
                                             ".claude/commands and .claude/skills.",
                                             command.name)
                               : fmt::format("/{} is a skill that only the model invokes.", command.name));
    co_return;
  }
  std::vector<SlashCommand> commands{command};
  while (!skill->fork && commands.size() < kMaxStacked) {
    const auto next = parse_slash_command(commands.front().arguments);
    const extensions::Skill* other = next ? skills_->find(next->name) : nullptr;
    if (other == nullptr || !other->for_person || other->fork) break;
    for (SlashCommand& earlier : commands) earlier.arguments = next->arguments;
    commands.push_back(*next);
  }
  co_await invoke_skills(std::move(commands), message, ended);
}

Task<> EngineImpl::invoke_skills(std::vector<SlashCommand> commands, QueuedMessage& message,
                                 std::optional<protocol::TurnEnded>& ended) {
  const std::string prompt = text_of(message.blocks);
  std::vector<std::string> texts;
  for (const SlashCommand& command : commands) {
    const extensions::Skill& skill = *skills_->find(command.name);
    const json::Value fields{{"expansion_type", "slash_command"},
                             {"command_name", command.name},
                             {"command_args", command.arguments},
                             {"command_source", skill.plugin_root.empty() ? "user" : "plugin"},
                             {"prompt", prompt}};
    const auto outcome = co_await hooks_->run({"UserPromptExpansion", command.name, json::dump(fields)});
    if (outcome.blocked || outcome.stop) {
      ended = forget_message(fmt::format("A UserPromptExpansion hook stopped /{}: {}", command.name,
                                         outcome.blocked ? outcome.reason : outcome.stop_reason));
      co_return;
    }
    hooks_->keep_contexts("UserPromptExpansion", outcome.contexts);
    auto text = co_await skills_->invoke(skill, command.arguments);
    if (!text) {
      ended = forget_message(fmt::format("/{} was not run: {}", command.name, describe(text.error())));
      co_return;
    }
    if (skill.fork) {
      const auto result = co_await fork_skill(skill, std::move(*text), "", 1);
      ended = forget_message(result.text);
      conversation_.add_user(
          {anthropic::text_block(describe_command(command)),
           anthropic::text_block("A subagent ran this skill. Its report:\n\n" + result.text)});
      co_return;
    }
    texts.push_back(describe_command(command));
    skills_->note_told(skill.name, *text);
    texts.push_back(std::move(*text));
  }
  replace_text(message.blocks, texts);
}

std::string EngineImpl::describe_memory() const {
  if (!options_.instructions) return "Memory files are switched off in this session.";
  std::string text;
  for (const memory::Instructions& file : memory::InstructionFiles(*options_.instructions).load())
    text += fmt::format("{}  ({})\n", file.path.string(), file.kind);
  if (text.empty()) text = "There are no memory files here. /init writes one.\n";
  if (!options_.session.notes_dir.empty())
    text += fmt::format("Notes of the model: {}\n", options_.session.notes_dir.string());
  return text;
}

void EngineImpl::clear_conversation() {
  conversation_ = anthropic::Conversation();
  guard_.forget();
  options_.session.seen_files.clear();
}

// What a message names with @ is shown before it, as far as it may be read without a question.
Task<> EngineImpl::attach_files(std::vector<std::string>& blocks) {
  std::vector<std::string> shown;
  for (const Mention& mention : find_mentions(text_of(blocks))) {
    if (shown.size() == kMaxMentions) break;
    auto text = co_await show_mention(mention);
    if (!text.empty()) shown.push_back(std::move(text));
  }
  blocks.insert(blocks.begin(), shown.begin(), shown.end());
}

// The content blocks of one mention as one block's JSON; "" when there is nothing to show.
Task<std::string> EngineImpl::show_mention(const Mention& mention) {
  const os::Path path = os::absolute_path(mention.path, options_.session.cwd, options_.session.home);
  if (!os::path_exists(path)) co_return "";
  if (os::is_folder(path)) {
    const auto names = os::list_directory(path);
    if (!names || !runner_.may_read(os::resolve_links(path))) co_return "";
    std::string text;
    for (size_t i = 0; i < names->size() && i < kMaxListedNames; ++i)
      text += fmt::format("{}{}\n", to_utf8((*names)[i]), os::is_folder(path / (*names)[i]) ? "/" : "");
    co_return anthropic::text_block(reminder(fmt::format("The folder {} holds:\n{}", path.string(), text)));
  }
  json::Value input{{"file_path", path.string()}};
  if (mention.first_line > 0) {
    input["offset"] = mention.first_line;
    input["limit"] = mention.last_line - mention.first_line + 1;
  }
  auto result = co_await runner_.run_if_allowed("Read", input, /*heed_hooks=*/false);
  if (!result) co_return "";
  if (!result->content_json.empty()) {
    const auto content = json::parse(result->content_json);
    if (content && content->is_array() && !content->empty()) co_return json::dump(content->front());
  }
  co_return anthropic::text_block(
      reminder(fmt::format("Read of {} gives:\n{}", json::dump(input), result->text)));
}

}  // namespace awl::agent
