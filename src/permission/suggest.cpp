#include "permission/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "permission/shell_parse.h"
#include "permission/tool_rules.h"
#include "permission/wrappers.h"

namespace awl::permission {

namespace {

constexpr std::string_view kSource = "a suggestion";

bool is_allowed_with(const Rules& rules, const std::vector<std::string>& more, const Situation& situation,
                     std::string_view tool_name, const Access& access, const json::Value& input) {
  Rules all = rules;
  for (const std::string& text : more) {
    auto rule = parse_rule(text, std::string(kSource), situation.project_dir);
    if (!rule) return false;
    all.allow.push_back(std::move(*rule));
  }
  return decide(all, situation, tool_name, access, input).behavior == Behavior::kAllow;
}

// What a rule's text would read as something else than itself.
bool is_plain(std::string_view text) {
  return !text.empty() && text.find_first_of("*\n\r()\\") == std::string_view::npos && !text.ends_with(':');
}

bool is_subcommand(std::string_view word) {
  return !word.empty() && std::islower(static_cast<unsigned char>(word.front())) != 0 &&
         std::ranges::all_of(word, [](char c) {
           return std::islower(static_cast<unsigned char>(c)) != 0 ||
                  std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-';
         });
}

std::string text_of(const Command& command) {
  std::vector<std::string> words;
  for (const Word& word : command.words) words.push_back(word.source);
  return join(words, " ");
}

// "git commit *"; empty: the command has no subcommand, or a rule for it would let anything run.
std::string wider_rule(const Command& command, std::string_view tool_name) {
  if (command.words.size() < 2 || !is_subcommand(command.words[1].source)) return "";
  // What runs its arguments would run anything.
  Invocations run;
  add_invocations(command.words, run);
  if (!run.understood || run.all.size() != 1 || needs_exact_rule(command.words)) return "";
  const std::string text =
      fmt::format("{}({} {} *)", tool_name, command.words[0].source, command.words[1].source);
  const auto rule = parse_rule(text, std::string(kSource), {});
  return rule && !is_suspended_in_auto(*rule, false) ? text : "";
}

void add_new(std::vector<std::string>& list, std::string text) {
  if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
}

Suggestions for_shell(const Rules& rules, const Situation& situation, std::string_view tool_name,
                      const Access& access) {
  Suggestions found;
  const Script script = parse_shell(access.command);
  if (!script.understood) return {};
  bool has_wider = true;
  for (const Command& command : script.commands) {
    if (command.words.empty()) continue;
    Access part = access;
    part.command = text_of(command);
    if (is_allowed_with(rules, {}, situation, tool_name, part, {{"command", part.command}})) continue;
    if (!command.assignments.empty() || !is_plain(part.command)) return {};
    add_new(found.exact, fmt::format("{}({})", tool_name, part.command));
    std::string wider = wider_rule(command, tool_name);
    has_wider = has_wider && !wider.empty();
    if (has_wider) add_new(found.wider, std::move(wider));
  }
  if (!has_wider) found.wider.clear();
  return found;
}

}  // namespace

Suggestions suggest_rules(const Rules& rules, const Situation& situation, std::string_view tool_name,
                          const Access& access, const json::Value& input) {
  Suggestions found;
  switch (access.kind) {
    case Access::Kind::kEdit:
      return {};
    case Access::Kind::kShell:
      found = for_shell(rules, situation, tool_name, access);
      break;
    case Access::Kind::kRead:
      if (access.paths.size() == 1 && is_plain(access.paths[0].string())) {
        // Grep and Glob are covered by rules for Read.
        found.exact.push_back(fmt::format("Read(/{})", access.paths[0].string()));
        found.wider.push_back(fmt::format("Read(/{}/**)", access.paths[0].parent_path().string()));
        if (access.paths[0].parent_path() == access.paths[0].root_path()) found.wider.clear();
      }
      break;
    case Access::Kind::kNetwork:
      if (const auto host = host_of(access.url))
        found.exact.push_back(fmt::format("{}(domain:{})", tool_name, *host));
      break;
    case Access::Kind::kNone:
      found.exact.emplace_back(tool_name);
      break;
  }
  const auto would_help = [&](const std::vector<std::string>& list) {
    return !list.empty() && list.size() <= kMaxSuggested &&
           is_allowed_with(rules, list, situation, tool_name, access, input);
  };
  if (!would_help(found.exact)) found.exact.clear();
  if (!would_help(found.wider)) found.wider.clear();
  return found;
}

}  // namespace awl::permission
