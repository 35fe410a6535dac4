#include "agent/permission_updates.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "os/path.h"

namespace awl::agent {

namespace {

std::vector<permission::Rule> read_rules(const json::Value& update, const tools::Session& session,
                                         std::vector<std::string>& problems) {
  std::vector<permission::Rule> rules;
  const json::Value* list = json::find(update, "rules");
  if (list == nullptr || !list->is_array()) return rules;
  for (const json::Value& entry : *list) {
    const std::string content = json::string_or_empty(entry, "ruleContent");
    const std::string tool = json::string_or_empty(entry, "toolName");
    auto rule = permission::parse_rule(content.empty() ? tool : fmt::format("{}({})", tool, content),
                                       "a permission update", session.project_dir);
    if (rule) {
      rules.push_back(std::move(*rule));
    } else {
      problems.push_back(describe(rule.error()));
    }
  }
  return rules;
}

bool same_rule(const permission::Rule& a, const permission::Rule& b) {
  return a.tool == b.tool && a.specifier == b.specifier;
}

}  // namespace

void apply_permission_updates(const std::string& updates_json, ToolRunner& runner, tools::Session& session,
                              const std::function<bool(permission::Mode)>& is_mode_allowed,
                              std::vector<std::string>& problems) {
  const auto updates = json::parse(updates_json);
  if (!updates || !updates->is_array()) return;
  for (const json::Value& update : *updates) {
    const std::string type = json::string_or_empty(update, "type");
    const std::string behavior = json::string_or_empty(update, "behavior");
    if (type == "addRules" || type == "replaceRules" || type == "removeRules") {
      std::vector<permission::Rule> rules = read_rules(update, session, problems);
      runner.change_rules([&](permission::Rules& all) {
        auto& list = behavior == "deny" ? all.deny : behavior == "ask" ? all.ask : all.allow;
        if (type == "replaceRules")
          std::erase_if(list,
                        [](const permission::Rule& rule) { return rule.source == "a permission update"; });
        if (type == "removeRules") {
          std::erase_if(list, [&](const permission::Rule& rule) {
            return std::ranges::any_of(rules,
                                       [&](const permission::Rule& other) { return same_rule(rule, other); });
          });
        } else {
          for (permission::Rule& rule : rules) list.push_back(std::move(rule));
        }
      });
    } else if (type == "setMode") {
      const auto mode = permission::parse_mode(json::string_or_empty(update, "mode"));
      if (!mode) {
        problems.push_back(describe(mode.error()));
      } else if (is_mode_allowed(*mode)) {
        runner.set_mode(*mode);
      }
    } else if (type == "addDirectories" || type == "removeDirectories") {
      const json::Value* folders = json::find(update, "directories");
      if (folders == nullptr || !folders->is_array()) continue;
      for (const json::Value& folder : *folders) {
        if (!folder.is_string()) continue;
        const os::Path path =
            os::resolve_links(os::absolute_path(folder.get<std::string>(), session.cwd, session.home));
        std::erase(session.additional_dirs, path);
        if (type == "addDirectories") session.additional_dirs.push_back(path);
      }
    }
  }
}

}  // namespace awl::agent
