#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "os/path.h"
#include "permission/bash_rules.h"
#include "permission/path_rules.h"
#include "permission/policy.h"
#include "permission/search_rules.h"
#include "permission/shell_policy.h"
#include "permission/tool_rules.h"

namespace awl::permission {
namespace {

/// The call's paths, each also as the model wrote it: a link's own name counts beside its target.
std::vector<Spellings> list_paths(const Access& access, const json::Value& input,
                                  const Situation& situation) {
  std::vector<Spellings> all;
  for (const os::Path& path : access.paths)
    all.push_back(spell_path(path.string(), situation.cwd, situation.home));
  for (const std::string_view field : {"file_path", "path", "notebook_path"}) {
    const std::string text = json::string_or_empty(input, field);
    if (text.empty() || text.contains('\0')) continue;
    all.push_back(spell_path(text, situation.cwd, situation.home));
  }
  return all;
}

/// True for a command with a part that the rule's pattern names; also when that cannot be known.
bool is_about_command(const Rule& rule, std::string_view command) {
  if (rule.specifier.empty()) return true;
  const Script script = parse_shell(command);
  if (!script.understood) return true;
  std::string_view name = rule.specifier;
  for (const std::string_view rest : {" *", ":*"}) {
    if (name.ends_with(rest)) name.remove_suffix(rest.size());
  }
  const bool names_arguments = name.contains(' ');
  return std::ranges::any_of(script.commands, [&](const Command& part) {
    const bool expands = std::ranges::any_of(part.words, [](const Word& word) { return word.expands; });
    return (expands && names_arguments) || matches_command_pattern(rule.specifier, join_words(part.words));
  });
}

/// What Agent(type) and Skill(name) are compared with.
std::string subject_of(std::string_view tool_name, const json::Value& input) {
  if (tool_name == "Agent" || tool_name == "Task") return json::string_or_empty(input, "subagent_type");
  if (tool_name != "Skill") return {};
  std::string name = json::string_or_empty(input, "skill");
  if (name.empty()) name = json::string_or_empty(input, "command");
  const std::string arguments = json::string_or_empty(input, "args");
  return arguments.empty() ? name : name + " " + arguments;
}

class ToolDecision {
 public:
  ToolDecision(const Rules& rules, const Situation& situation, std::string_view tool_name,
               const Access& access, const json::Value& input)
      : rules_(rules),
        situation_(situation),
        tool_name_(tool_name),
        access_(access),
        input_(input),
        edits_(access.kind == Access::Kind::kEdit),
        reads_(access.kind == Access::Kind::kRead) {
    if (edits_ || reads_) paths_ = list_paths(access, input, situation);
  }

  /// True when the rule speaks of this call, or of a part of it.
  bool is_about(const Rule& rule) const {
    if (!names_tool(rule, tool_name_, false)) return false;
    if (rule.specifier.empty() || matches_field(rule, input_)) return true;
    if (edits_ || reads_) {
      return std::ranges::any_of(
          paths_, [&](const Spellings& path) { return path_rule_allows(rule, path, situation_); });
    }
    if (access_.kind == Access::Kind::kNetwork) return matches_domain(rule, access_.url);
    return matches_subject(rule);
  }

  Verdict decide() const {
    for (const Rule& rule : rules_.deny) {
      if (restricts(rule)) return denied_by(rule);
    }
    for (const Rule& rule : rules_.ask) {
      if (!restricts(rule)) continue;
      if (auto denied = find_denied_below()) return *denied;
      return asked_by(rule, situation_.mode);
    }
    if (access_.needs_person) {
      Verdict verdict = ask("only the person can answer it", situation_.mode);
      verdict.only_person = true;
      return verdict;
    }
    if (situation_.mode == Mode::kBypass) return {Behavior::kAllow, "the mode bypassPermissions allows it"};
    if ((edits_ || reads_) && is_plan()) return {Behavior::kAllow, "it is about the model's own plan"};
    if (situation_.mode == Mode::kPlan && edits_) return {Behavior::kDeny, "the mode plan changes no files"};
    if ((edits_ || reads_) && are_notes()) return {Behavior::kAllow, "it is about the model's own notes"};
    const bool edits_are_accepted = situation_.mode == Mode::kAcceptEdits || situation_.mode == Mode::kAuto;
    if (edits_are_accepted && edits_ && are_inside() && !are_protected()) {
      return {Behavior::kAllow,
              fmt::format("the mode {} allows changes inside the work folders", to_string(situation_.mode))};
    }
    for (const Rule& rule : rules_.allow) {
      if (allows(rule)) return allowed_by(rule);
    }
    return decide_by_default();
  }

 private:
  bool are_inside() const {
    return !paths_.empty() && std::ranges::all_of(paths_, [&](const Spellings& path) {
      return is_in_work_folders(path, situation_);
    });
  }
  bool are_notes() const {
    const os::Path& notes = situation_.notes_dir;
    return !notes.empty() && !paths_.empty() && std::ranges::all_of(paths_, [&notes](const Spellings& path) {
      return std::ranges::all_of(
          path, [&notes](const os::Path& spelling) { return os::is_within(spelling, notes); });
    });
  }
  bool is_plan() const {
    const os::Path& plan = situation_.plan_file;
    return !plan.empty() && !paths_.empty() && std::ranges::all_of(paths_, [&plan](const Spellings& path) {
      return std::ranges::all_of(path, [&plan](const os::Path& spelling) { return spelling == plan; });
    });
  }
  bool are_protected() const {
    return std::ranges::any_of(paths_,
                               [&](const Spellings& path) { return is_protected_path(path, situation_); });
  }

  /// A search that somebody may allow as a whole is not filtered by file: it must not meet what is denied.
  std::optional<Verdict> find_denied_below() const {
    if (tool_name_ != "Grep" && tool_name_ != "Glob") return std::nullopt;
    for (const Rule& rule : rules_.deny) {
      if (rule.specifier.empty() || !names_tool(rule, tool_name_, false)) continue;
      for (const Spellings& path : paths_) {
        const SearchFinding finding = check_folder(rule, path, situation_);
        if (finding.match == Match::kYes) return denied_below(rule, finding.path);
      }
    }
    return std::nullopt;
  }

  bool restricts(const Rule& rule) const {
    const bool named = names_tool(rule, tool_name_, false);
    if (rule.specifier.empty()) return named;
    if (named && matches_field(rule, input_)) return true;
    // What may not be read may not be changed unseen either.
    const bool about_paths = named || (rule.tool == "Read" && edits_) || (rule.tool == "Edit" && edits_);
    if (edits_ || reads_) {
      return about_paths && std::ranges::any_of(paths_, [&](const Spellings& path) {
               return path_rule_restricts(rule, path, situation_);
             });
    }
    if (!named) return false;
    if (access_.kind == Access::Kind::kNetwork) return matches_domain(rule, access_.url);
    return matches_subject(rule);
  }

  bool allows(const Rule& rule) const {
    if (!names_tool(rule, tool_name_, true)) return false;
    if (rule.specifier.empty()) return true;
    if (edits_ || reads_) {
      if (edits_ && are_protected()) return false;
      // Paths are compared with Edit and Read rules only.
      if (rule.tool != (edits_ ? "Edit" : "Read")) return false;
      return !paths_.empty() && std::ranges::all_of(paths_, [&](const Spellings& path) {
        return path_rule_allows(rule, path, situation_);
      });
    }
    if (access_.kind == Access::Kind::kNetwork) return matches_domain(rule, access_.url);
    return matches_subject(rule);
  }

  bool matches_subject(const Rule& rule) const {
    const std::string subject = subject_of(tool_name_, input_);
    return !subject.empty() && matches_command_pattern(rule.specifier, subject);
  }

  Verdict decide_by_default() const {
    const Mode mode = situation_.mode;
    if (tool_name_.starts_with("mcp__")) return ask("no rule allows this MCP tool", mode);
    switch (access_.kind) {
      case Access::Kind::kNone:
        // What a subagent is to do is judged before it begins, and then each thing that it does.
        if (mode == Mode::kAuto && tool_name_ == "Agent") return ask("it starts a subagent", mode);
        return {Behavior::kAllow, "it touches only the agent's own state"};
      case Access::Kind::kRead:
        if (are_inside()) return {Behavior::kAllow, "it reads inside the work folders"};
        if (auto denied = find_denied_below()) return *denied;
        return ask("it reads outside the work folders and no rule allows that", mode);
      case Access::Kind::kEdit:
        if (are_protected()) return ask("it changes a protected path", mode);
        return ask("no rule allows to change this file", mode);
      case Access::Kind::kNetwork:
        return ask(access_.url.empty() ? "no rule allows it" : "no rule allows this address", mode);
      case Access::Kind::kShell:
        break;
    }
    return ask("no rule allows it", mode);
  }

  const Rules& rules_;
  const Situation& situation_;
  std::string_view tool_name_;
  const Access& access_;
  const json::Value& input_;
  bool edits_;
  bool reads_;
  std::vector<Spellings> paths_;
};

}  // namespace

Verdict decide(const Rules& all_rules, const Situation& situation, std::string_view tool_name,
               const Access& access, const json::Value& input) {
  Rules fewer;
  if (situation.mode == Mode::kAuto) {
    fewer = all_rules;
    std::erase_if(fewer.allow, [&situation](const Rule& rule) {
      return is_suspended_in_auto(rule, situation.classify_all_shell);
    });
  }
  const Rules& rules = situation.mode == Mode::kAuto ? fewer : all_rules;
  if (access.kind == Access::Kind::kShell)
    return decide_shell(rules, situation, tool_name, access.command, input);
  return ToolDecision(rules, situation, tool_name, access, input).decide();
}

bool matches_condition(const Rule& rule, const Situation& situation, std::string_view tool_name,
                       const Access& access, const json::Value& input) {
  if (access.kind == Access::Kind::kShell)
    return names_tool(rule, tool_name, false) && is_about_command(rule, access.command);
  return ToolDecision({}, situation, tool_name, access, input).is_about(rule);
}

bool is_host_named(const Rules& rules, std::string_view tool_name, const std::string& url) {
  return std::ranges::any_of(rules.allow, [&](const Rule& rule) {
    return names_tool(rule, tool_name, true) && names_one_domain(rule) && matches_domain(rule, url);
  });
}

bool is_tool_denied(const Rules& rules, std::string_view tool_name) {
  return std::ranges::any_of(rules.deny, [&](const Rule& rule) {
    if (!rule.specifier.empty()) return false;
    const bool indirect =
        rule.tool == "Edit" || rule.tool == "Read";  // they judge calls of other tools, and leave them
    return indirect ? rule.tool == tool_name : names_tool(rule, tool_name, false);
  });
}

}  // namespace awl::permission
