#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "permission/policy.h"

namespace awl::permission {
namespace {

constexpr std::string_view kHint =
    "Write Tool or Tool(specifier), for example Bash(npm run *) or Edit(src/**).";

bool is_rule_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-.:*@/").contains(c);
}

std::unexpected<Error> malformed(std::string_view text, std::string_view why) {
  return fail(ErrorKind::kInvalidInput, fmt::format("the permission rule \"{}\" {}", text, why),
              std::string(kHint));
}

struct ModeName {
  std::string_view name;
  Mode mode;
};
constexpr std::array<ModeName, 7> kModes = {{{"default", Mode::kDefault},
                                             {"acceptEdits", Mode::kAcceptEdits},
                                             {"plan", Mode::kPlan},
                                             {"auto", Mode::kAuto},
                                             {"dontAsk", Mode::kDontAsk},
                                             {"bypassPermissions", Mode::kBypass},
                                             {"manual", Mode::kDefault}}};

}  // namespace

Result<Mode> parse_mode(std::string_view text) {
  for (const ModeName& entry : kModes) {
    if (entry.name == text) return entry.mode;
  }
  return fail(ErrorKind::kInvalidInput, fmt::format("\"{}\" is not a permission mode", text),
              "Use default, acceptEdits, plan, auto, dontAsk or bypassPermissions.");
}

std::string_view to_string(Mode mode) {
  for (const ModeName& entry : kModes) {
    if (entry.mode == mode) return entry.name;
  }
  return "default";
}

Result<Rule> parse_rule(std::string_view text, std::string source, os::Path base) {
  text = trim(text);
  if (text.empty()) return malformed(text, "is empty");
  const size_t open = text.find('(');
  const std::string_view tool = text.substr(0, open);
  if (tool.empty()) return malformed(text, "names no tool");
  if (!std::ranges::all_of(tool, is_rule_char))
    return malformed(text, "has a character in its tool name that no tool has");
  Rule rule{std::string(tool), {}, std::move(source), std::move(base)};
  if (open == std::string_view::npos) return rule;
  if (!text.ends_with(')')) return malformed(text, "does not end with its closing bracket");
  const std::string_view specifier = trim(text.substr(open + 1, text.size() - open - 2));
  if (specifier.empty()) return malformed(text, "has nothing between its brackets");
  // For paths a star means "everything below the folder"; for the others it is the whole tool.
  const bool is_path_tool = tool == "Read" || tool == "Edit";
  if (specifier != "*" || is_path_tool) rule.specifier = specifier;
  return rule;
}

Result<std::vector<Rule>> parse_rule_list(std::string_view text, const std::string& source,
                                          const os::Path& base) {
  std::vector<Rule> rules;
  int depth = 0;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if (i == text.size() && depth > 0)
      return malformed(trim(text.substr(begin)), "has a bracket that is not closed");
    if (c == '(') ++depth;
    if (c == ')' && --depth < 0) return malformed(text, "has a closing bracket without an opening one");
    if (depth > 0 || !(c == ',' || c == ' ' || c == '\t' || c == '\n')) continue;
    const std::string_view item = trim(text.substr(begin, i - begin));
    begin = i + 1;
    if (item.empty()) continue;
    AWL_TRY(Rule rule, parse_rule(item, source, base));
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace awl::permission
