#include "permission/tool_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/strings.h"
#include "permission/bash_rules.h"

namespace awl::permission {
namespace {

std::string rule_source(const Rule& rule) {
  return rule.source.empty() ? to_string(rule) : fmt::format("{} ({})", to_string(rule), rule.source);
}

}  // namespace

bool names_tool(const Rule& rule, std::string_view tool_name, bool is_allow) {
  const std::string_view name = rule.tool;
  if (name == tool_name) return true;
  if (name.contains('*')) {
    if (is_allow) {
      const size_t server_end = name.find("__", 5);
      if (!name.starts_with("mcp__") || server_end == std::string_view::npos || server_end > name.find('*'))
        return false;
    }
    // No `:*` or ` *` in a tool's name: here the pattern is a plain one.
    return matches_command_pattern(name, tool_name);
  }
  if (name.starts_with("mcp__") && name.find("__", 5) == std::string_view::npos) {
    return tool_name.starts_with(std::string(name) + "__");
  }
  if (name == "Edit") return tool_name == "Write" || tool_name == "NotebookEdit";
  if (name == "Read") return tool_name == "Grep" || tool_name == "Glob";
  if (name == "Bash") return tool_name == "Monitor";
  if (name == "Task") return tool_name == "Agent";
  return false;
}

bool matches_field(const Rule& rule, const json::Value& input) {
  static constexpr std::array<std::string_view, 5> kPrimary = {"command", "file_path", "path",
                                                               "notebook_path", "url"};
  const size_t colon = rule.specifier.find(':');
  if (colon == std::string::npos) return false;
  const std::string_view field = trim(std::string_view(rule.specifier).substr(0, colon));
  if (std::ranges::find(kPrimary, field) != kPrimary.end()) return false;
  const json::Value* value = json::find(input, field);
  if (value == nullptr || value->is_structured() || value->is_null()) return false;
  const std::string text = value->is_string() ? value->get<std::string>() : json::dump(*value);
  return matches_command_pattern(trim(std::string_view(rule.specifier).substr(colon + 1)), text);
}

std::optional<std::string> host_of(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  std::string_view host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.contains('@')) return std::nullopt;
  if (host.starts_with('[')) {
    const size_t close = host.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    host = host.substr(0, close + 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  if (host.ends_with('.')) host.remove_suffix(1);
  const bool plain = std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._[]:").contains(c);
  });
  if (host.empty() || !plain) return std::nullopt;
  return to_lower(host);
}

bool matches_domain(const Rule& rule, std::string_view url) {
  if (!rule.specifier.starts_with("domain:")) return false;
  std::string pattern = to_lower(trim(std::string_view(rule.specifier).substr(7)));
  if (pattern.ends_with('.')) pattern.pop_back();
  const std::optional<std::string> host = host_of(url);
  if (!host) return false;
  if (pattern == "*") return true;
  std::string_view rest = *host;
  std::string_view labels = pattern;
  if (pattern.starts_with("*.")) {
    // Any number of labels, but at least one.
    labels = std::string_view(pattern).substr(2);
    const size_t wanted = static_cast<size_t>(std::ranges::count(labels, '.')) + 1;
    const std::vector<std::string_view> parts = split(rest, '.');
    if (parts.size() <= wanted) return false;
    size_t skipped = 0;
    for (size_t i = 0; i + wanted < parts.size(); ++i) skipped += parts[i].size() + 1;
    rest = rest.substr(skipped);
  }
  const std::vector<std::string_view> wanted = split(labels, '.');
  const std::vector<std::string_view> given = split(rest, '.');
  return std::ranges::equal(
      wanted, given, [](std::string_view a, std::string_view b) { return matches_command_pattern(a, b); });
}

bool names_one_domain(const Rule& rule) {
  if (!rule.specifier.starts_with("domain:")) return false;
  std::string_view pattern = trim(std::string_view(rule.specifier).substr(7));
  if (pattern.ends_with('.')) pattern.remove_suffix(1);
  if (pattern.starts_with("*.")) {
    pattern.remove_prefix(2);
    if (!pattern.contains('.')) return false;
  }
  return !pattern.empty() && !pattern.contains('*');
}

std::string to_string(const Rule& rule) {
  return rule.specifier.empty() ? rule.tool : fmt::format("{}({})", rule.tool, rule.specifier);
}

Verdict allowed_by(const Rule& rule) {
  return {Behavior::kAllow, fmt::format("allowed by the rule {}", rule_source(rule))};
}

Verdict denied_by(const Rule& rule) {
  return {Behavior::kDeny, fmt::format("denied by the rule {}", rule_source(rule))};
}

Verdict asked_by(const Rule& rule, Mode mode) {
  Verdict verdict = ask(fmt::format("the rule {} asks", rule_source(rule)), mode);
  verdict.only_person = true;
  return verdict;
}

bool is_suspended_in_auto(const Rule& rule, bool classify_all_shell) {
  static constexpr std::array<std::string_view, 22> kRunners = {
      "bash", "sh",   "zsh", "dash", "fish", "python", "python2", "python3", "node", "deno", "bun",
      "ruby", "perl", "php", "lua",  "npx",  "bunx",   "uvx",     "eval",    "exec", "env",  "ssh"};
  static constexpr std::array<std::string_view, 5> kScripts = {"npm", "pnpm", "yarn", "make", "just"};
  if (rule.tool == "Agent" || rule.tool == "Task" || rule.tool == "Monitor") return true;
  if (rule.tool != "Bash") return false;
  if (rule.specifier.empty() || classify_all_shell) return true;
  std::string_view text = trim(rule.specifier);
  if (text == ":*" || text.starts_with('*')) return true;
  const bool open = text.contains('*');
  const std::string_view program = text.substr(0, text.find_first_of(" :*"));
  const auto is_one_of = [program](const auto& names) {
    return std::ranges::any_of(names, [program](std::string_view name) { return program == name; });
  };
  if (open && is_one_of(kRunners)) return true;
  // "npm run *" and "npm *" run any script; "npm run test" runs one, "npm install *" none that is named.
  if (!open || !is_one_of(kScripts)) return false;
  const std::string_view rest = trim(text.substr(program.size()));
  return rest.starts_with('*') || rest.starts_with(':') || rest.starts_with("run *") ||
         rest.starts_with("run:") || rest.starts_with("exec") || rest.starts_with("dlx");
}

Verdict ask(std::string reason, Mode mode) {
  if (mode == Mode::kDontAsk)
    return {Behavior::kDeny, reason + "; the mode dontAsk denies what would be asked"};
  return {Behavior::kAsk, std::move(reason)};
}

}  // namespace awl::permission
