// `awl trust`.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/confirm.h"
#include "cli/messages.h"
#include "cli/state_files.h"
#include "cli/trust_text.h"
#include "config/trust.h"
#include "os/path.h"

namespace awl::cli {

namespace {

int print_json(const os::Path& folder, const config::Trust& trust) {
  json::Value items = json::Value::array();
  for (const config::ExecutableItem& item : trust.items)
    items.push_back({{"what", item.label},
                     {"as_written", item.text},
                     {"new", (std::ranges::find(trust.added, item.label) != trust.added.end())}});
  return print_text(json::dump_pretty({{"folder", folder.string()},
                                       {"trusted", trust.trusted},
                                       {"accepted", trust.accepted},
                                       {"other_file_system", trust.moved},
                                       {"starts", items},
                                       {"gone", trust.removed}}));
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
