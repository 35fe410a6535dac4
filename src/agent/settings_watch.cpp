#include "agent/settings_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/engine_impl.h"

namespace awl::agent {

namespace {

bool is_same(const permission::Rule& a, const permission::Rule& b) {
  return a.tool == b.tool && a.specifier == b.specifier && a.source == b.source && a.base == b.base;
}

void replace_list(std::vector<permission::Rule>& list, const std::vector<permission::Rule>& before,
                  const std::vector<permission::Rule>& after) {
  std::erase_if(list, [&before](const permission::Rule& rule) {
    return std::ranges::any_of(before, [&rule](const permission::Rule& old) { return is_same(rule, old); });
  });
  list.insert(list.end(), after.begin(), after.end());
}

}  // namespace

void replace_rules(permission::Rules& rules, const permission::Rules& before,
                   const permission::Rules& after) {
  replace_list(rules.allow, before.allow, after.allow);
  replace_list(rules.ask, before.ask, after.ask);
  replace_list(rules.deny, before.deny, after.deny);
}

// Between rounds of tool calls and before a message: what the person wrote into a settings file counts from
// there on.
Task<> EngineImpl::follow_settings() {
  if (!options_.settings_watch) co_return;
  const std::vector<ChangedFile> changes = options_.settings_watch->take_changes();
  if (changes.empty()) co_return;
  std::string files;
  for (const ChangedFile& change : changes) {
    const json::Value fields{{"source", change.source}, {"file_path", change.file.string()}};
    const auto outcome = co_await hooks_->run({"ConfigChange", change.source, json::dump(fields)});
    if (outcome.blocked && change.source != "policy_settings") {
      emit(protocol::Notice{
          fmt::format("A ConfigChange hook keeps the settings as they were: {}", outcome.reason)});
      co_return;
    }
    files += (files.empty() ? "" : ", ") + change.file.string();
  }
  auto part = options_.settings_watch->read();
  if (!part) {
    emit(protocol::Notice{fmt::format("The settings stay as they were: {}", describe(part.error()))});
    co_return;
  }
  const SettingsPart before = std::exchange(options_.settings, std::move(*part));
  const SettingsPart& now = options_.settings;
  runner_.change_rules([&](permission::Rules& rules) { replace_rules(rules, before.rules, now.rules); });
  std::vector<os::Path>& folders = options_.session.additional_dirs;
  std::erase_if(folders, [&before](const os::Path& folder) {
    return std::ranges::find(before.folders, folder) != before.folders.end();
  });
  folders.insert(folders.end(), now.folders.begin(), now.folders.end());
  hooks_->runner().table().replace("settings", now.hooks);
  options_.session.child_environment = now.child_environment;
  emit_notices(now.problems);
  emit(protocol::Notice{fmt::format("Settings were read again: {}", files)});
}

}  // namespace awl::agent
