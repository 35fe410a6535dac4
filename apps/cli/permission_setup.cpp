#include "cli/permission_setup.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "agent/settings_watch.h"
#include "cli/session_setup.h"
#include "net/idn.h"

namespace awl::cli {

namespace {

// Hosts are compared as DNS knows them: WebFetch(domain:bücher.de) is about xn--bcher-kva.de.
permission::Rule with_ascii_host(permission::Rule rule) {
  constexpr std::string_view kDomain = "domain:";
  if (rule.tool != "WebFetch" || !rule.specifier.starts_with(kDomain)) return rule;
  std::string_view host = std::string_view(rule.specifier).substr(kDomain.size());
  const std::string_view wildcard = host.starts_with("*.") ? "*." : "";
  host.remove_prefix(wildcard.size());
  const bool is_ascii =
      std::ranges::all_of(host, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_ascii) return rule;
  if (const auto ascii = net::to_ascii_host(host))
    rule.specifier = fmt::format("{}{}{}", kDomain, wildcard, *ascii);
  return rule;
}

Result<> add_flag_rules(const std::vector<std::string>& values, const std::string& flag, const os::Path& base,
                        std::vector<permission::Rule>& rules) {
  for (const std::string& value : values) {
    auto parsed = permission::parse_rule_list(value, flag, base);
    if (!parsed)
      return fail(ErrorKind::kInvalidInput, fmt::format("{}: {}", flag, parsed.error().message),
                  parsed.error().hint);
    for (permission::Rule& rule : *parsed) rules.push_back(with_ascii_host(std::move(rule)));
  }
  return {};
}

void add_settings_rules(const config::Settings& settings, const std::vector<config::RuleText>& texts,
                        std::vector<permission::Rule>& rules, std::vector<std::string>& problems) {
  for (const config::RuleText& text : texts) {
    if (settings.managed_rules_only && text.scope != config::Scope::kManaged) continue;
    auto rule = permission::parse_rule(text.text, text.source, text.base);
    if (rule) {
      rules.push_back(with_ascii_host(std::move(*rule)));
    } else {
      problems.push_back(fmt::format("{}: the permission rule \"{}\" is not used: {}", text.source, text.text,
                                     describe(rule.error())));
    }
  }
}

}  // namespace

Result<permission::Mode> choose_mode(const Arguments& arguments, const config::Settings& settings,
                                     const Environment& environment, std::vector<std::string>& problems) {
  permission::Mode mode = permission::Mode::kDefault;
  if (settings.default_mode) {
    const auto parsed = permission::parse_mode(*settings.default_mode);
    if (parsed)
      mode = *parsed;
    else
      problems.push_back(fmt::format("permissions.defaultMode: {}", describe(parsed.error())));
  }
  if (arguments.permission_mode) {
    auto parsed = permission::parse_mode(*arguments.permission_mode);
    if (!parsed)
      return fail(ErrorKind::kInvalidInput, fmt::format("--permission-mode: {}", parsed.error().message),
                  parsed.error().hint);
    mode = *parsed;
  }
  if (arguments.skip_permissions) mode = permission::Mode::kBypass;
  if (mode != permission::Mode::kBypass) return mode;
  if (settings.disable_bypass_mode) {
    problems.emplace_back("bypassPermissions mode is switched off by the settings; the mode is default");
    return permission::Mode::kDefault;
  }
  if (::geteuid() == 0 && !environment.is_on("IS_SANDBOX")) {
    return fail(
        ErrorKind::kInvalidInput, "bypassPermissions mode does not run as root",
        "Run as another user, or set IS_SANDBOX=1 in a container that nothing of value can be reached from.");
  }
  return mode;
}

Result<> check_tool_names(const std::optional<std::vector<std::string>>& names) {
  for (const std::string& name : names.value_or(std::vector<std::string>{})) {
    if (name.find_first_of("()*") == std::string::npos) continue;
    return fail(ErrorKind::kInvalidInput, fmt::format("--tools: \"{}\" is not a tool's name", name),
                "Rules belong to --allowedTools.");
  }
  return {};
}

Result<permission::Rules> collect_rules(const Arguments& arguments, const config::Settings& settings,
                                        const os::Path& project_dir, std::vector<std::string>& problems) {
  permission::Rules rules;
  AWL_CHECK(check_tool_names(arguments.tools));
  AWL_CHECK(add_flag_rules(arguments.allowed_tools, "--allowedTools", project_dir, rules.allow));
  if (settings.managed_rules_only && !rules.allow.empty()) {
    problems.emplace_back("--allowedTools is not used: the managed settings are the only source of rules");
    rules.allow.clear();
  }
  // Who denies themselves something is not contradicted.
  AWL_CHECK(add_flag_rules(arguments.disallowed_tools, "--disallowedTools", project_dir, rules.deny));
  agent::replace_rules(rules, {}, collect_settings_rules(settings, problems));
  return rules;
}

permission::Rules collect_settings_rules(const config::Settings& settings,
                                         std::vector<std::string>& problems) {
  permission::Rules rules;
  add_settings_rules(settings, settings.allow, rules.allow, problems);
  add_settings_rules(settings, settings.ask, rules.ask, problems);
  add_settings_rules(settings, settings.deny, rules.deny, problems);
  return rules;
}

std::vector<std::string> selectable_modes(const Setup& setup, const Arguments& arguments) {
  std::vector<std::string> modes{"default", "acceptEdits", "plan"};
  if (setup.auto_mode.unavailable.empty()) modes.emplace_back("auto");
  if (!setup.settings.disable_bypass_mode &&
      (arguments.may_skip_permissions || setup.mode == permission::Mode::kBypass))
    modes.emplace_back("bypassPermissions");
  return modes;
}

}  // namespace awl::cli
