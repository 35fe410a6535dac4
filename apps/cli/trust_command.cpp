// `awl trust`.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/confirm.h"
#include "cli/messages.h"
#include "cli/state_files.h"
#include "config/trust.h"
#include "os/path.h"

namespace awl::cli {

namespace {

constexpr size_t kMaxShown = 400;  // bytes of one item

bool holds(const std::vector<std::string>& labels, const std::string& label) {
  return std::ranges::find(labels, label) != labels.end();
}

std::string state_of(const config::Trust& trust) {
  if (trust.trusted) return "trusted";
  return trust.accepted ? "not trusted any more" : "not trusted";
}

int print_json(const os::Path& folder, const config::Trust& trust) {
  json::Value items = json::Value::array();
  for (const config::ExecutableItem& item : trust.items)
    items.push_back(
        {{"what", item.label}, {"as_written", item.text}, {"new", holds(trust.added, item.label)}});
  return print_text(json::dump_pretty({{"folder", folder.string()},
                                       {"trusted", trust.trusted},
                                       {"accepted", trust.accepted},
                                       {"other_file_system", trust.moved},
                                       {"starts", items},
                                       {"gone", trust.removed}}));
}

std::string describe_items(const config::Trust& trust) {
  if (trust.items.empty() && trust.removed.empty())
    return "It starts nothing by itself: no hooks, no MCP servers, no helper commands.\n";
  std::string text = "What it starts by itself:\n";
  for (const config::ExecutableItem& item : trust.items) {
    const std::string shown(utf8_prefix(item.text, kMaxShown));
    text += fmt::format("  {} {}\n      {}{}\n", holds(trust.added, item.label) ? "new:" : "-", item.label,
                        shown, shown.size() < item.text.size() ? " …" : "");
  }
  for (const std::string& label : trust.removed) text += fmt::format("  gone: {}\n", label);
  return text;
}

}  // namespace

int run_trust(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  auto locations = config::find_locations(shell, cwd);
  if (!locations) return complain(locations.error());
  if (arguments.words.size() > 1)
    return complain({.kind = ErrorKind::kInvalidInput, .message = "awl trust takes one folder"});
  if (!arguments.words.empty()) {
    locations = config::find_locations(shell, os::absolute_path(arguments.words[0], cwd, locations->home));
    if (!locations) return complain(locations.error());
  }
  const os::Path& folder = locations->project_dir;
  if (!os::is_folder(folder))
    return complain(
        {.kind = ErrorKind::kInvalidInput, .message = fmt::format("{} is no folder", folder.string())});
  const os::Path state = trust_file(shell, locations->home);
  if (arguments.revoke) {
    const auto revoked = config::revoke_folder(*locations, state);
    if (!revoked) return complain(revoked.error());
    const bool still = config::look_at_trust(*locations, state).trusted;
    return print_text(
        fmt::format("{} {}\n", folder.string(),
                    still ? "is still trusted, because a folder above it is." : "is not trusted any more."));
  }
  config::Trust trust = config::look_at_trust(*locations, state);
  if (!trust.accepted) trust.items = config::find_executable_config(*locations);
  if (arguments.as_json) return print_json(folder, trust) + (trust.trusted ? 0 : 1);
  print_text(fmt::format("{} is {}.\n{}", folder.string(), state_of(trust), describe_items(trust)));
  if (trust.trusted && !arguments.yes) return 0;
  if (!arguments.yes && !confirm("Trust this folder, with its rules, variables and helpers?")) {
    tell("Nothing was changed; `awl trust --yes` trusts it.");
    return 1;
  }
  const auto accepted = config::accept_folder(*locations, state);
  if (!accepted) return complain(accepted.error());
  return print_text(fmt::format("{} is trusted.\n", folder.string()));
}

}  // namespace awl::cli
