// May this call run? Rules, modes and the baseline without rules. Pure: no I/O but resolving paths.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/json.h"
#include "os/file.h"
#include "permission/access.h"

namespace awl::permission {

/// kAuto: what would be asked, a model judges instead of the person, apart from what a rule wants asked.
enum class Mode { kDefault, kAcceptEdits, kPlan, kAuto, kDontAsk, kBypass };
/// default, acceptEdits, plan, auto, dontAsk, bypassPermissions; also `manual` for default. kInvalidInput
/// lists them.
Result<Mode> parse_mode(std::string_view text);
std::string_view to_string(Mode mode);

enum class Behavior { kAllow, kAsk, kDeny };

/// One `Tool` or `Tool(specifier)` rule and where it was written.
struct Rule {
  std::string tool;
  std::string specifier;  ///< empty: the whole tool
  std::string source;     ///< "--allowedTools", "~/.claude/settings.json", for explanations
  os::Path
      base;  ///< the folder that path patterns with one leading `/` are below (that of the settings file)
};

/// kInvalidInput: not of the form Tool or Tool(specifier).
Result<Rule> parse_rule(std::string_view text, std::string source, os::Path base);
/// "Bash(npm *)", as it was written.
std::string to_string(const Rule& rule);
/// The rules of one flag's value, "Bash(git *) Edit,Write": commas and spaces separate outside parentheses.
Result<std::vector<Rule>> parse_rule_list(std::string_view text, const std::string& source,
                                          const os::Path& base);

struct Rules {
  std::vector<Rule> allow;
  std::vector<Rule> ask;
  std::vector<Rule> deny;
};

struct Verdict {
  Behavior behavior = Behavior::kAsk;
  std::string reason;        ///< for the model and the person: which rule or which default
  bool only_person = false;  ///< of kAsk: a rule is the cause, so that no model may answer for the person
};

/// What a decision depends on besides the call. Path patterns that start with `./` or a name are below
/// `project_dir`.
struct Situation {
  Mode mode = Mode::kDefault;
  os::Path project_dir;
  std::vector<os::Path> additional_dirs;
  os::Path cwd;
  os::Path home;
  os::Path
      notes_dir;  ///< the model's own: it may read and change what is in it without a question; may be empty
  bool classify_all_shell = false;  ///< in the mode auto no allow rule of shell commands counts
  os::Path plan_file = {};          ///< of the mode plan: the one file that changes in it; may be empty
};

/// Deny before ask before allow; then the mode; then the baseline: reads inside the work folders, read-only
/// commands and the agent's own state run, everything else asks. What cannot be parsed is never allowed by a
/// rule for its parts.
Verdict decide(const Rules& rules, const Situation& situation, std::string_view tool_name,
               const Access& access, const json::Value& input);

/// True when the mode auto does without this allow rule, because it would let arbitrary code run unseen: the
/// whole shell, interpreters and package scripts with a wildcard, subagents.
bool is_suspended_in_auto(const Rule& rule, bool classify_all_shell);

/// True when the call is what `rule` speaks of, as the conditions of hooks are read: any part of a shell
/// command counts, assignments in front do not, and what cannot be understood matches.
bool matches_condition(const Rule& rule, const Situation& situation, std::string_view tool_name,
                       const Access& access, const json::Value& input);

/// True when every part of a shell command only reads, and only inside the work folders: it may run beside
/// others.
bool is_read_only_command(std::string_view command, const Situation& situation);

/// True when a shell command may leave the shell in another folder (any part of it is cd, pushd, popd or
/// reads a script into the shell, or it cannot be judged): no other call may run beside it.
bool changes_folder(std::string_view command);

/// True when an allow rule of the tool names the host of `url`: by itself, or as a subdomain of at least two
/// labels ("*.corp.example"). A rule for all hosts, or for all of a top-level domain, names none.
bool is_host_named(const Rules& rules, std::string_view tool_name, const std::string& url);

/// True when a deny rule takes the whole tool away: it is then not offered to the model.
bool is_tool_denied(const Rules& rules, std::string_view tool_name);

}  // namespace awl::permission
