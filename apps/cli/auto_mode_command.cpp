// `awl auto-mode defaults`, `config`, `critique` and `reset`.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "cli/auto_mode_setup.h"
#include "cli/commands.h"
#include "cli/confirm.h"
#include "cli/messages.h"
#include "config/json_edit.h"
#include "config/shared_file.h"
#include "json/json.h"

namespace awl::cli {

namespace {

constexpr std::string_view kCriticPrompt =
    "You review rules in words. Another model reads them before each action of a coding agent and "
    "allows or blocks the action: `environment` says what is trusted, `allow` lists exceptions to "
    "`soft_deny`, which is blocked unless the person asked for exactly that, and `hard_deny` is "
    "blocked always. Look at the rules in `own`; those in `built_in` are given and beyond reproach. "
    "Name each own rule that can be read in two ways, says again what another one says, contradicts "
    "one, or would block ordinary work or let harm through, and give a better wording. One short "
    "paragraph a rule. When there is nothing to say, say that in one sentence.";

json::Value rules_json(const agent::AutoModeRules& rules) {
  return {{"environment", rules.environment},
          {"allow", rules.allow},
          {"soft_deny", rules.soft_deny},
          {"hard_deny", rules.hard_deny}};
}

agent::AutoModeRules written_rules(const config::AutoModeTexts& texts) {
  const auto list = [](const std::optional<std::vector<std::string>>& rules) {
    return rules.value_or(std::vector<std::string>());
  };
  return {list(texts.environment), list(texts.allow), list(texts.soft_deny), list(texts.hard_deny)};
}

// A session of one answer, without tools, and without a trace.
int criticise(const config::AutoModeTexts& own, const Arguments& arguments, const Environment& shell,
              const os::Path& cwd) {
  if (!own.environment && !own.allow && !own.soft_deny && !own.hard_deny)
    return print_text("The settings add no rules to the mode auto.\n");
  Arguments session = arguments;
  session.command = Command::kSession;
  session.print = session.bare = true;
  session.persist = false;
  session.tools.emplace();
  session.system_prompt = kCriticPrompt;
  session.prompt = json::dump(json::Value{{"own", rules_json(written_rules(own))},
                                          {"built_in", rules_json(agent::default_auto_mode_rules())}});
  return run_print(session, shell, cwd);
}

int print_rules(agent::AutoModeRules rules, const std::string& label) {
  const std::string start = to_lower(label);
  for (auto* list : {&rules.environment, &rules.allow, &rules.soft_deny, &rules.hard_deny})
    std::erase_if(*list, [&start](const std::string& rule) { return !to_lower(rule).starts_with(start); });
  return print_text(json::dump_pretty(rules_json(rules)));
}

int reset(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  const auto locations = config::find_locations(shell, cwd);
  if (!locations) return complain(locations.error());
  const os::Path file = locations->claude_dir / "settings.json";
  const std::vector<std::string> path{"autoMode"};
  const auto text = os::read_file(file);
  const auto written = text ? config::find_json_text(*text, path) : std::nullopt;
  if (!written) return print_text("The built-in rules are in force: the user settings hold no autoMode.\n");
  print_text("autoMode of " + file.string() + ":\n" + std::string(*written) + "\n");
  if (!arguments.yes && !confirm("Take it out, so that the built-in rules are in force again?")) {
    tell("Nothing was changed; --yes does it without a question.");
    return 1;
  }
  const auto changed = config::update_file(
      file, [&path](std::string_view before) { return config::remove_json_text(before, path); });
  if (!changed) return complain(changed.error());
  return print_text("The built-in rules are in force again.\n");
}

}  // namespace

int run_auto_mode(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  if (arguments.command == Command::kAutoModeDefaults)
    return print_rules(agent::default_auto_mode_rules(), arguments.label);
  if (arguments.command == Command::kAutoModeReset) return reset(arguments, shell, cwd);
  const auto setup = make_setup(arguments, shell, cwd);
  if (!setup) return complain(setup.error());
  for (const std::string& problem : setup->problems) tell("Warning: " + problem);
  if (arguments.command == Command::kAutoModeCritique)
    return criticise(setup->settings.auto_mode, arguments, shell, cwd);
  return print_rules(setup->auto_mode.rules, arguments.label);
}

}  // namespace awl::cli
