#include "permission/shell_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "permission/bash_rules.h"
#include "permission/destruction.h"
#include "permission/path_rules.h"
#include "permission/read_only.h"
#include "permission/read_only_commands.h"
#include "permission/read_only_special.h"
#include "permission/search_rules.h"
#include "permission/shell_parse.h"
#include "permission/tool_rules.h"
#include "permission/wrappers.h"

namespace awl::permission {
namespace {

/// Programs outside the read-only table that read what their arguments name.
constexpr std::array<std::string_view, 17> kReaders = {"awk", "gawk",    "less", "more", "cp",   "mv",
                                                       "ln",  "install", "dd",   "tar",  "zip",  "gzip",
                                                       "tee", "vi",      "vim",  "nano", "rsync"};
/// Programs that change what their arguments name.
constexpr std::array<std::string_view, 21> kChangers = {
    "touch", "mkdir", "rm",  "rmdir", "mv",    "cp",     "ln",    "install", "tee", "truncate", "chmod",
    "chown", "dd",    "sed", "rsync", "patch", "unlink", "shred", "vi",      "vim", "nano"};
/// What the mode acceptEdits runs inside the work folders.
constexpr std::array<std::string_view, 7> kEditCommands = {"mkdir", "touch", "rm", "rmdir",
                                                           "mv",    "cp",    "sed"};

template <typename List>
bool is_in(const List& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

bool is_removal(std::string_view name) { return name == "rm" || name == "rmdir"; }

class ShellDecision {
 public:
  ShellDecision(const Rules& rules, const Situation& situation, std::string_view tool_name,
                std::string_view command, const json::Value& input)
      : rules_(rules),
        situation_(situation),
        tool_name_(tool_name),
        input_(input),
        script_(parse_shell(command)),
        subjects_(list_subjects(script_, command)),
        place_(follow_cd(script_, situation)) {}

  Verdict decide() {
    bool perhaps_denied = false;
    for (const Rule& rule : rules_.deny) {
      const Match match = restricts(rule);
      if (match == Match::kYes) return denied_by(rule);
      const SearchFinding search = check_search(rule);
      if (search.match == Match::kYes) return denied_below(rule, search.path);
      perhaps_denied = perhaps_denied || std::max(match, search.match) == Match::kPerhaps;
    }
    for (const Rule& rule : rules_.ask) {
      if (restricts(rule) != Match::kNo || check_search(rule).match != Match::kNo)
        return asked_by(rule, situation_.mode);
    }
    if (perhaps_denied) {
      Verdict verdict = ask("it may run or read something that a deny rule names", situation_.mode);
      verdict.only_person = true;
      return verdict;
    }
    if (removes_critical_path()) return ask("it removes a folder that much depends on", situation_.mode);
    if (situation_.mode == Mode::kBypass) return {Behavior::kAllow, "the mode bypassPermissions allows it"};

    const std::optional<std::string> writes = find_write_in_script();
    if (!writes) return {Behavior::kAllow, "it only reads, inside the work folders"};
    // No allow rule counts: the person, or a judge in their place, decides about each.
    if (situation_.mode == Mode::kPlan)
      return ask(fmt::format("in the mode plan commands only read: {}", *writes), situation_.mode);
    for (const Rule& rule : rules_.allow) {
      if (rule.specifier.empty() && names_tool(rule, tool_name_, true)) return allowed_by(rule);
    }
    if (const auto destroyed = find_destruction_in_script()) return ask(*destroyed, situation_.mode);
    if (!script_.understood)
      return ask(fmt::format("the command cannot be judged: {}", script_.problem), situation_.mode);
    if (const auto uncovered = find_uncovered()) return ask(*uncovered, situation_.mode);
    return {Behavior::kAllow, "rules and the mode allow each part of it"};
  }

  /// Why the script does more than read; nullopt when it does not.
  std::optional<std::string> find_write_in_script() const {
    if (!script_.understood) return script_.problem;
    if (auto problem = find_bad_loop_variable()) return problem;
    for (const Command& command : script_.commands) {
      if (auto problem = find_write(command, place_)) return problem;
      for (const Redirection& redirection : command.redirections) {
        if (auto problem = check_redirection(redirection, false)) return problem;
      }
    }
    return std::nullopt;
  }

 private:
  Match restricts(const Rule& rule) const {
    if (names_tool(rule, tool_name_, false)) {
      if (rule.specifier.empty() || matches_field(rule, input_)) return Match::kYes;
      return bash_rule_restricts(rule, subjects_);
    }
    const bool about_reading = rule.tool == "Read";
    if (rule.specifier.empty() || !(about_reading || rule.tool == "Edit")) return Match::kNo;
    return restricts_paths(rule, about_reading) ? Match::kYes : Match::kNo;
  }

  /// A Read or Edit rule, against the files that known programs are given and those of redirections.
  bool restricts_paths(const Rule& rule, bool about_reading) const {
    const auto matches = [&](const std::vector<Spellings>& paths) {
      return std::ranges::any_of(
          paths, [&](const Spellings& path) { return path_rule_restricts(rule, path, situation_); });
    };
    for (const std::vector<Word>& words : subjects_.invocations) {
      const std::string_view name = base_name(words[0].text);
      const bool reads =
          find_read_only_program(name) != nullptr || is_in(kReaders, name) || is_in(kChangers, name);
      const bool concerned = about_reading ? reads && name != "echo" && name != "printf" && name != "cd"
                                           : is_in(kChangers, name);
      if (concerned && matches(mentioned_paths(words, place_))) return true;
    }
    for (const Command& command : script_.commands) {
      for (const Redirection& redirection : command.redirections) {
        const bool file = redirection.kind == Redirection::Kind::kWrite ||
                          (about_reading && redirection.kind == Redirection::Kind::kRead);
        const auto paths = file ? spell_word(redirection.target, place_.cwds, situation_.home) : std::nullopt;
        if (paths && matches(*paths)) return true;
      }
    }
    return false;
  }

  /// A Read rule, against what lies below the folders that the command searches.
  SearchFinding check_search(const Rule& rule) const {
    if (rule.tool != "Read" || rule.specifier.empty()) return {};
    return check_searches(rule, subjects_.invocations, place_);
  }

  std::optional<std::string> find_destruction_in_script() const {
    for (const std::vector<Word>& words : subjects_.invocations) {
      if (auto destroyed = find_destruction(words)) return destroyed;
    }
    return std::nullopt;
  }

  bool removes_critical_path() const {
    for (const std::vector<Word>& words : subjects_.invocations) {
      if (!is_removal(base_name(words[0].text))) continue;
      for (const Word& word : std::span(words).subspan(1)) {
        if (!word.text.starts_with('-') && is_critical_target(word)) return true;
      }
    }
    return false;
  }

  bool is_critical_target(const Word& word) const {
    // "$dir"/*: the root's content when the variable is empty.
    if (word.expands)
      return word.text.starts_with('$') && (word.text.ends_with('/') || word.text.ends_with("/*"));
    Word folder = word;
    if (folder.text.ends_with("/*") || folder.text == "*") {
      folder.text = folder.text.size() > 2 ? folder.text.substr(0, folder.text.size() - 2)
                    : folder.text == "*"   ? "."
                                           : "/";
      folder.glob = false;
    }
    const auto paths = spell_word(folder, place_.cwds, situation_.home);
    if (!paths) return false;
    const bool in_additional =
        word.glob && std::ranges::any_of(*paths, [&](const Spellings& path) {
          return std::ranges::any_of(situation_.additional_dirs,
                                     [&](const os::Path& dir) { return is_critical_for(path, dir); });
        });
    return in_additional || std::ranges::any_of(*paths, [&](const Spellings& path) {
             return is_critical_path(path, situation_);
           });
  }

  static bool is_critical_for(const Spellings& path, const os::Path& dir) {
    return std::ranges::find(path, dir) != path.end();
  }

  std::optional<std::string> find_bad_loop_variable() const {
    for (const std::string& name : script_.loop_variables) {
      const bool plain = std::ranges::all_of(
          name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
      if (!plain || name.ends_with("_proxy")) return fmt::format("a loop sets {}", name);
    }
    return std::nullopt;
  }

  /// `edits_allowed`: Edit rules and the mode may allow the target of an output redirection.
  std::optional<std::string> check_redirection(const Redirection& redirection, bool edits_allowed) const {
    const Word& target = redirection.target;
    switch (redirection.kind) {
      case Redirection::Kind::kDuplicate:
      case Redirection::Kind::kText:
        return std::nullopt;
      case Redirection::Kind::kRead:
        return check_read_path(target, place_);
      case Redirection::Kind::kWrite:
        break;
    }
    if (target.text == "/dev/null") return std::nullopt;
    if (!edits_allowed) return fmt::format("it writes to {}", target.source);
    if (!target.is_literal() || target.tilde || place_.unknown_folder || place_.changed_folder) {
      return fmt::format("it is not known which file {} is", target.source);
    }
    const Spellings path = spell_path(target.text, situation_.cwd, situation_.home);
    if (may_edit(path)) return std::nullopt;
    return fmt::format("no rule allows to write to {}", target.source);
  }

  bool may_edit(const Spellings& path) const {
    if (is_protected_path(path, situation_)) return false;
    if (situation_.mode == Mode::kAcceptEdits && is_in_work_folders(path, situation_)) return true;
    return std::ranges::any_of(rules_.allow, [&](const Rule& rule) {
      return rule.tool == "Edit" && (rule.specifier.empty() || path_rule_allows(rule, path, situation_));
    });
  }

  std::optional<std::string> find_uncovered() const {
    if (auto problem = find_bad_loop_variable()) return problem;
    for (const Command& command : script_.commands) {
      const std::optional<std::string> problem = find_write(command, place_);
      if (problem && !is_allowed_by_rule(command) && !is_accepted_edit(command)) {
        return fmt::format("no rule allows `{}`: {}",
                           command.words.empty() ? "NAME=value" : join_words(command.words), *problem);
      }
      for (const Redirection& redirection : command.redirections) {
        if (auto refused = check_redirection(redirection, true)) return refused;
      }
    }
    return std::nullopt;
  }

  bool is_allowed_by_rule(const Command& command) const {
    return std::ranges::any_of(rules_.allow, [&](const Rule& rule) {
      return !rule.specifier.empty() && names_tool(rule, tool_name_, true) && bash_rule_allows(rule, command);
    });
  }

  bool is_accepted_edit(const Command& command) const {
    if (situation_.mode != Mode::kAcceptEdits || !command.assignments.empty() || command.words.empty())
      return false;
    if (place_.unknown_folder) return false;
    const std::span<const Word> words = strip_wrappers(command.words);
    const bool behind_xargs =
        std::ranges::any_of(command.words, [](const Word& word) { return word.text == "xargs"; });
    if (behind_xargs || !words[0].is_literal() || !is_in(kEditCommands, words[0].text)) return false;
    if (words[0].text == "sed") return is_accepted_sed(words);
    return std::ranges::all_of(words.subspan(1), [&](const Word& word) { return is_editable_word(word); });
  }

  /// An operand inside the work folders, or a flag that names nothing outside.
  bool is_editable_word(const Word& word) const {
    Word path = word;
    if (word.text.starts_with('-')) {
      if (!word.is_literal()) return false;
      const size_t equals = word.text.find('=');
      if (equals == std::string::npos) return !word.text.contains('/');
      path.text = word.text.substr(equals + 1);
    }
    const auto paths = spell_word(path, place_.cwds, situation_.home);
    return paths && std::ranges::all_of(*paths, [&](const Spellings& spellings) {
             return is_in_work_folders(spellings, situation_) && !is_protected_path(spellings, situation_);
           });
  }

  bool is_accepted_sed(std::span<const Word> words) const {
    bool script_given = false;
    for (size_t i = 1; i < words.size(); ++i) {
      const std::string_view text = words[i].text;
      if (!words[i].is_literal()) {
        if (!script_given || text.starts_with('-') || !is_editable_word(words[i])) return false;
      } else if (text == "-e") {
        if (++i >= words.size() || !words[i].is_literal() || !is_harmless_sed_script(words[i].text))
          return false;
        script_given = true;
      } else if (text.size() > 1 && text[0] == '-') {
        const bool in_place = text.starts_with("-i") && text.find_first_of("/*") == std::string_view::npos;
        if (!in_place && text.find_first_not_of("nEris", 1) != std::string_view::npos) return false;
      } else if (!script_given) {
        if (!is_harmless_sed_script(text)) return false;
        script_given = true;
      } else if (!is_editable_word(words[i])) {
        return false;
      }
    }
    return true;
  }

  const Rules& rules_;
  const Situation& situation_;
  std::string_view tool_name_;
  const json::Value& input_;
  Script script_;
  ShellSubjects subjects_;
  ShellPlace place_;
};

}  // namespace

Verdict decide_shell(const Rules& rules, const Situation& situation, std::string_view tool_name,
                     std::string_view command, const json::Value& input) {
  return ShellDecision(rules, situation, tool_name, command, input).decide();
}

bool changes_folder(std::string_view command) {
  static constexpr std::array<std::string_view, 5> kMovers = {"cd", "pushd", "popd", "source", "."};
  const Script script = parse_shell(command);
  const ShellSubjects subjects = list_subjects(script, command);
  if (!subjects.understood) return true;
  return std::ranges::any_of(subjects.invocations, [](const std::vector<Word>& words) {
    return !words[0].is_literal() || is_in(kMovers, words[0].text);
  });
}

bool is_read_only_command(std::string_view command, const Situation& situation) {
  const Rules none;
  const auto input = json::parse("{}");
  return input && !ShellDecision(none, situation, "Bash", command, *input).find_write_in_script();
}

}  // namespace awl::permission
