#include "protocol/permission_update.h"

#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::protocol {

namespace {

std::string rules_update_json(std::string_view type, std::string_view behavior,
                              const std::vector<std::string>& rules, std::string_view destination) {
  json::Value list = json::Value::array();
  for (const std::string& rule : rules) {
    const size_t open = rule.ends_with(')') ? rule.find('(') : std::string::npos;
    json::Value entry{{"toolName", rule.substr(0, open)}};
    if (open != std::string::npos) entry["ruleContent"] = rule.substr(open + 1, rule.size() - open - 2);
    list.push_back(std::move(entry));
  }
  return json::dump(json::Value::array(
      {{{"type", type}, {"rules", list}, {"behavior", behavior}, {"destination", destination}}}));
}

}  // namespace

std::string allow_rules_json(const std::vector<std::string>& rules, std::string_view destination) {
  return rules_update_json("addRules", "allow", rules, destination);
}

std::string change_rule_json(bool add, std::string_view behavior, const std::string& rule,
                             std::string_view destination) {
  return rules_update_json(add ? "addRules" : "removeRules", behavior, {rule}, destination);
}

std::string set_mode_json(std::string_view mode) {
  return json::dump(json::Value::array({{{"type", "setMode"}, {"mode", mode}, {"destination", "session"}}}));
}

std::string lasting_answer_json(const PermissionQuestion& question, const json::Value& input) {
  if (!question.exact_rules.empty()) return allow_rules_json(question.exact_rules, "localSettings");
  const bool is_about_file =
      json::find(input, "file_path") != nullptr || json::find(input, "notebook_path") != nullptr;
  return is_about_file ? set_mode_json("acceptEdits") : "";
}

}  // namespace awl::protocol
