// `awl auto-mode defaults`, `config` and `reset`.
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

int print_rules(agent::AutoModeRules rules, const std::string& label) {
  const std::string start = to_lower(label);
  for (auto* list : {&rules.environment, &rules.allow, &rules.soft_deny, &rules.hard_deny})
    std::erase_if(*list, [&start](const std::string& rule) { return !to_lower(rule).starts_with(start); });
  return print_text(json::dump_pretty({{"environment", rules.environment},
                                       {"allow", rules.allow},
                                       {"soft_deny", rules.soft_deny},
                                       {"hard_deny", rules.hard_deny}}));
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
  return print_rules(setup->auto_mode.rules, arguments.label);
}

}  // namespace awl::cli
