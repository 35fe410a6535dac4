#include "agent/auto_mode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/strings.h"
#include "base/utf8.h"
#include "json/json.h"

namespace awl::embedded {
extern const std::string_view auto_mode_md;
}  // namespace awl::embedded

namespace awl::agent {

namespace {

constexpr size_t kMaxTold = 48'000;    // bytes of a conversation
constexpr size_t kMaxInput = 3'000;    // bytes of an earlier call
constexpr size_t kMaxAction = 24'000;  // of the one that is judged
constexpr size_t kMaxMemory = 16'000;
constexpr int64_t kMaxAnswerTokens = 1'024;
constexpr std::string_view kReminderTag = "<system-reminder>";
constexpr std::string_view kMemoryStart = "What follows was written down for you to heed";
// Lookups say nothing about what was done.
constexpr std::array<std::string_view, 12> kLookups = {"Read",      "Grep",       "Glob",       "ToolSearch",
                                                       "TaskGet",   "TaskList",   "TaskCreate", "TaskUpdate",
                                                       "TodoWrite", "TaskOutput", "BashOutput", "Skill"};

std::string cut(std::string text, size_t limit) {
  if (text.size() <= limit) return text;
  // The end of a command is as telling as its start.
  const std::string_view all = text;
  return fmt::format("{} […{} bytes…] {}", utf8_prefix(all, limit / 2), text.size() - limit,
                     to_utf8(all.substr(all.size() - limit / 2)));
}

std::string list(std::string_view title, const std::vector<std::string>& rules) {
  std::string text = fmt::format("\n# {}\n", title);
  for (const std::string& rule : rules) text += fmt::format("- {}\n", rule);
  return text;
}

bool discards_work(const PendingAction& action) {
  static constexpr std::array<std::string_view, 8> kWords = {"reset", "checkout", "restore", "clean",
                                                             "stash", "rm ",      "switch",  "worktree"};
  return action.tool == "Bash" && std::ranges::any_of(kWords, [&action](std::string_view word) {
           return action.input_json.contains(word);
         });
}

// The judge is told of it; whoever was promised a result of the call hears the sentence.
Judgement no_judgement(std::string_view cause) {
  return {
      Judgement::Kind::kNone,
      fmt::format(
          "The mode auto could not judge this call, so it is not run: {}. Try it again in a moment, or go "
          "on with what only reads.",
          cause)};
}

}  // namespace

AutoMode::AutoMode(AutoModeOptions options, tools::SideModel& side_model,
                   const anthropic::Conversation& session, std::function<Task<std::string>()> facts,
                   std::function<Task<std::string>()> uncommitted)
    : options_(std::move(options)),
      side_model_(side_model),
      session_(session),
      get_facts_(std::move(facts)),
      get_uncommitted_(std::move(uncommitted)) {}

void AutoMode::resume() {
  if (total_ >= kMaxInAll) total_ = 0;
  in_row_ = 0;
}

std::string AutoMode::system_prompt() const {
  const AutoModeRules& rules = options_.rules;
  return std::string(embedded::auto_mode_md) + list("Trusted", rules.environment) +
         list("Never", rules.hard_deny) + list("Blocked", rules.soft_deny) + list("Allowed", rules.allow);
}

std::string describe_for_judge(const anthropic::Conversation& conversation, std::string_view who_asks) {
  std::vector<std::string> lines;  // the latest first
  std::string memory;
  size_t bytes = 0;
  for (size_t i = conversation.size(); i-- > 0;) {
    const auto message = json::parse(conversation.bytes_of(i));
    const json::Value* content = message ? json::find(*message, "content") : nullptr;
    if (content == nullptr || !content->is_array()) continue;
    for (auto block = content->rbegin(); block != content->rend(); ++block) {
      const std::string type = json::string_or_empty(*block, "type");
      const std::string text = json::string_or_empty(*block, "text");
      std::string line;
      if (conversation.is_from_user(i) && type == "text") {
        if (text.starts_with(kReminderTag)) {
          if (memory.empty() && text.contains(kMemoryStart)) memory = cut(text, kMaxMemory);
          continue;
        }
        line = fmt::format("{}: {}", who_asks, json::quote(cut(text, kMaxInput)));
      } else if (type == "tool_use") {
        const std::string name = json::string_or_empty(*block, "name");
        if (std::ranges::find(kLookups, name) != kLookups.end()) continue;
        const json::Value* input = json::find(*block, "input");
        line = fmt::format("The agent called {}: {}", name,
                           cut(input == nullptr ? "{}" : json::dump(*input), kMaxInput));
      }
      if (line.empty() || bytes + line.size() > kMaxTold) continue;
      bytes += line.size();
      lines.push_back(std::move(line));
    }
  }
  std::string told = memory.empty() ? "" : fmt::format("Instruction files:\n{}\n\n", memory);
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) told += *line + "\n";
  return told;
}

Judgement parse_judgement(std::string_view answer) {
  // The last object: a model that thinks aloud does so before it.
  for (size_t at = answer.rfind('{'); at != std::string_view::npos;
       at = at == 0 ? std::string_view::npos : answer.rfind('{', at - 1)) {
    const size_t end = answer.rfind('}');
    if (end == std::string_view::npos || end < at) continue;
    const auto said = json::parse(answer.substr(at, end - at + 1));
    if (!said || !said->is_object()) continue;
    const std::string verdict = to_lower(json::string_or_empty(*said, "verdict"));
    const std::string reason = json::string_or_empty(*said, "reason");
    if (verdict == "allow") return {Judgement::Kind::kAllow, reason};
    if (verdict == "block") return {Judgement::Kind::kBlock, reason};
  }
  return no_judgement("the judge gave no verdict");
}

Task<Result<tools::SideAnswer>> AutoMode::call(std::string content) {
  tools::SideQuestion question{.small = false,
                               .system = system_prompt(),
                               .content_json = json::quote(content),
                               .server_tools = {},
                               .max_output_tokens = kMaxAnswerTokens,
                               .model = options_.model};
  auto answer = co_await side_model_.ask(question);
  if (answer) {
    model_is_sure_ = true;
    co_return answer;
  }
  // The first call shows whether the workspace has the model at all.
  if (model_is_sure_ || options_.model.empty()) co_return answer;
  question.model.clear();
  auto second = co_await side_model_.ask(std::move(question));
  if (!second) co_return answer;
  options_.model.clear();
  model_is_sure_ = true;
  co_return second;
}

Task<Judgement> AutoMode::ask(std::string content) {
  auto answer = co_await call(std::move(content));
  if (!answer) co_return no_judgement(answer.error().message);
  co_return parse_judgement(answer->text);
}

void AutoMode::note_refusal(Refusal refusal) {
  constexpr size_t kMaxRefusals = 50;
  refusals_.push_front(std::move(refusal));
  if (refusals_.size() > kMaxRefusals) refusals_.pop_back();
}

Task<Judgement> AutoMode::judge(PendingAction action, const anthropic::Conversation& own) {
  if (!facts_) facts_ = co_await get_facts_();
  std::string content = *facts_ + describe_for_judge(session_, "The person said");
  if (&own != &session_)
    content += "\nA subagent acts. Its task was written by the agent, not by the person.\n" +
               describe_for_judge(own, "The agent gave it the task");
  if (discards_work(action))
    content += fmt::format("\nWork that is not committed now:\n{}\n", co_await get_uncommitted_());
  content += fmt::format("\nThe call to judge is {}: {}\nWhy the person would be asked: {}\n", action.tool,
                         cut(std::move(action.input_json), kMaxAction), action.why_asked);
  Judgement judgement = co_await ask(std::move(content));
  if (judgement.kind == Judgement::Kind::kAllow) in_row_ = 0;
  if (judgement.kind == Judgement::Kind::kBlock) ++in_row_, ++total_;
  co_return judgement;
}

Task<std::optional<std::string>> AutoMode::review(const anthropic::Conversation& own) {
  std::string content = describe_for_judge(session_, "The person said") +
                        "\nA subagent has ended. Its task was written by the agent, not by the person.\n" +
                        describe_for_judge(own, "The agent gave it the task") +
                        "\nJudge everything that it did as one: may its report be relied on?\n";
  const Judgement judgement = co_await ask(std::move(content));
  if (judgement.kind == Judgement::Kind::kAllow) co_return std::nullopt;
  if (judgement.kind == Judgement::Kind::kNone)
    co_return "Nobody could look over what this subagent did: do not rely on its report unseen.";
  co_return fmt::format(
      "What this subagent did raises a doubt: {} Treat its report with care, and tell the person.",
      judgement.reason);
}

}  // namespace awl::agent
