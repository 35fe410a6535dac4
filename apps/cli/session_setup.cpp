#include "cli/session_setup.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "aws/cached_provider.h"
#include "base/strings.h"
#include "cli/version.h"
#include "config/trust.h"
#include "os/path.h"

namespace awl::cli {

namespace {

constexpr size_t kMaxFallbacks = 3;

// Authenticate the model's calls, and are no business of the commands that the agent runs.
constexpr std::string_view kModelSecrets[] = {"ANTHROPIC_AWS_API_KEY",
                                              "ANTHROPIC_AUTH_TOKEN",
                                              "ANTHROPIC_API_KEY",
                                              "ANTHROPIC_CUSTOM_HEADERS",
                                              "ANTHROPIC_FOUNDRY_API_KEY",
                                              "AWS_BEARER_TOKEN_BEDROCK",
                                              "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE"};

Result<std::vector<config::Scope>> parse_scopes(const std::optional<std::string>& list) {
  if (!list) return std::vector{config::Scope::kUser, config::Scope::kProject, config::Scope::kLocal};
  std::vector<config::Scope> scopes;
  for (const std::string_view part : split(*list, ',')) {
    const std::string_view name = trim(part);
    if (name == "user")
      scopes.push_back(config::Scope::kUser);
    else if (name == "project")
      scopes.push_back(config::Scope::kProject);
    else if (name == "local")
      scopes.push_back(config::Scope::kLocal);
    else if (!name.empty()) {
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("--setting-sources: \"{}\" is not one of user, project, local", name));
    }
  }
  return scopes;
}

Result<> add_flag_rules(const std::vector<std::string>& values, const std::string& flag, const os::Path& base,
                        std::vector<permission::Rule>& rules) {
  for (const std::string& value : values) {
    auto parsed = permission::parse_rule_list(value, flag, base);
    if (!parsed)
      return fail(ErrorKind::kInvalidInput, fmt::format("{}: {}", flag, parsed.error().message),
                  parsed.error().hint);
    rules.insert(rules.end(), parsed->begin(), parsed->end());
  }
  return {};
}

void add_settings_rules(const std::vector<config::RuleText>& texts, std::vector<permission::Rule>& rules,
                        std::vector<std::string>& problems) {
  for (const config::RuleText& text : texts) {
    auto rule = permission::parse_rule(text.text, text.source, text.base);
    if (rule) {
      rules.push_back(std::move(*rule));
    } else {
      problems.push_back(fmt::format("{}: the permission rule \"{}\" is not used: {}", text.source, text.text,
                                     describe(rule.error())));
    }
  }
}

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

int64_t chosen_max_output(const Environment& environment, const anthropic::ModelInfo& info) {
  const auto wanted = parse_integer(trim(environment.get("CLAUDE_CODE_MAX_OUTPUT_TOKENS")));
  if (!wanted || *wanted <= 0) return info.default_max_output;
  return std::min<int64_t>(*wanted, info.max_output_limit);
}

anthropic::RequestSettings make_request_settings(const Setup& setup, const Arguments& arguments,
                                                 const anthropic::ModelChoice& model,
                                                 const std::string& session_id) {
  anthropic::RequestSettings request;
  request.model = model;
  request.cache = anthropic::choose_cache_policy(setup.environment, model.info.family);
  request.session_id = session_id;
  request.user_agent = user_agent();
  request.max_output_tokens = chosen_max_output(setup.environment, model.info);
  request.reasoning = anthropic::choose_reasoning(
      {arguments.effort, setup.settings.effort_level, setup.settings.always_thinking_enabled},
      setup.environment, model.info, request.max_output_tokens);
  return request;
}

// At most three, each once, and never the session's own model.
std::vector<anthropic::ModelChoice> choose_fallbacks(const Setup& setup, const Arguments& arguments,
                                                     anthropic::Platform platform) {
  std::vector<std::string> wishes = setup.settings.fallback_models.value_or(std::vector<std::string>{});
  if (arguments.fallback_model) {
    wishes.clear();
    for (const std::string_view part : split(*arguments.fallback_model, ',')) wishes.emplace_back(trim(part));
  }
  std::vector<anthropic::ModelChoice> models;
  for (const std::string& wish : wishes) {
    if (wish.empty() || models.size() == kMaxFallbacks) continue;
    anthropic::ModelChoice model = anthropic::choose_model({.flag = wish, .settings = {}}, setup.environment,
                                                           platform, /*plan_mode=*/false);
    const auto same = [&model](const anthropic::ModelChoice& other) { return other.id == model.id; };
    if (same(setup.model) || std::any_of(models.begin(), models.end(), same)) continue;
    models.push_back(std::move(model));
  }
  return models;
}

Environment make_child_environment(const Setup& setup) {
  Environment environment = setup.environment;
  for (const std::string_view name : kModelSecrets) environment.unset(name);
  return environment;
}

tools::ToolLimits make_limits(const Environment& environment) {
  tools::ToolLimits limits;
  const auto read = [&environment](std::string_view name, auto apply) {
    if (const auto value = parse_integer(trim(environment.get(name))); value && *value > 0) apply(*value);
  };
  read("BASH_DEFAULT_TIMEOUT_MS",
       [&](long long v) { limits.bash_default_timeout = std::chrono::milliseconds(v); });
  read("BASH_MAX_TIMEOUT_MS", [&](long long v) { limits.bash_max_timeout = std::chrono::milliseconds(v); });
  read("BASH_MAX_OUTPUT_LENGTH", [&](long long v) { limits.bash_max_output_chars = static_cast<size_t>(v); });
  read("CLAUDE_CODE_FILE_READ_MAX_OUTPUT_TOKENS",
       [&](long long v) { limits.read_max_output_tokens = static_cast<size_t>(v); });
  read("CLAUDE_CODE_GLOB_TIMEOUT_SECONDS",
       [&](long long v) { limits.glob_timeout = std::chrono::seconds(v); });
  limits.bash_max_timeout = std::max(limits.bash_max_timeout, limits.bash_default_timeout);
  return limits;
}

}  // namespace

void wipe_model_secrets(char** entries) {
  for (; entries != nullptr && *entries != nullptr; ++entries) {
    const std::string_view entry = *entries;
    for (const std::string_view name : kModelSecrets) {
      if (!entry.starts_with(name) || entry.size() <= name.size() || entry[name.size()] != '=') continue;
      const size_t begin = name.size() + 1;
      std::fill(*entries + begin, *entries + entry.size(), ' ');
    }
  }
}

Result<Setup> make_setup(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  Setup setup;
  setup.shell = shell;
  AWL_TRY(setup.locations, config::find_locations(shell, cwd));
  AWL_TRY(const std::vector<config::Scope> scopes, parse_scopes(arguments.setting_sources));
  auto sources = config::read_settings_files(setup.locations, scopes, setup.problems);
  if (arguments.settings) {
    AWL_TRY(auto source, config::read_settings_flag(*arguments.settings, cwd));
    sources.push_back(std::move(source));
  }
  setup.trusted = config::is_trusted(setup.locations);
  setup.settings = config::merge_settings(sources, setup.trusted);
  setup.problems.insert(setup.problems.end(), setup.settings.problems.begin(), setup.settings.problems.end());
  setup.environment = config::apply_env(shell, setup.settings);

  AWL_TRY(setup.mode, choose_mode(arguments, setup.settings, setup.environment, setup.problems));
  AWL_CHECK(check_tool_names(arguments.tools));
  const os::Path& base = setup.locations.project_dir;
  AWL_CHECK(add_flag_rules(arguments.allowed_tools, "--allowedTools", base, setup.rules.allow));
  AWL_CHECK(add_flag_rules(arguments.disallowed_tools, "--disallowedTools", base, setup.rules.deny));
  add_settings_rules(setup.settings.allow, setup.rules.allow, setup.problems);
  add_settings_rules(setup.settings.ask, setup.rules.ask, setup.problems);
  add_settings_rules(setup.settings.deny, setup.rules.deny, setup.problems);

  setup.provider = anthropic::choose_provider(setup.environment, setup.settings.aws_sign_host);
  const auto platform = setup.provider.kind == anthropic::ProviderKind::kClaudePlatformOnAws
                            ? anthropic::Platform::kClaudePlatformOnAws
                            : anthropic::Platform::kAnthropicApi;
  setup.model = anthropic::choose_model({.flag = arguments.model, .settings = setup.settings.model},
                                        setup.environment, platform, setup.mode == permission::Mode::kPlan);
  setup.fallback_models = choose_fallbacks(setup, arguments, platform);
  return setup;
}

agent::EngineOptions make_engine_options(const Setup& setup, const Arguments& arguments,
                                         const std::string& session_id) {
  agent::EngineOptions options;
  options.provider = setup.provider;
  options.request = make_request_settings(setup, arguments, setup.model, session_id);
  for (const anthropic::ModelChoice& model : setup.fallback_models) {
    options.fallbacks.push_back(make_request_settings(setup, arguments, model, session_id));
  }
  // Clients know the variable's name of the direct API's key and "none".
  options.credential_source =
      setup.provider.auth_source == "ANTHROPIC_API_KEY" ? "ANTHROPIC_API_KEY" : "none";

  options.session.id = session_id;
  options.session.project_dir = setup.locations.project_dir;
  options.session.home = setup.locations.home;
  options.session.cwd = setup.locations.project_dir;
  options.session.output_dir = config::session_dir(setup.locations, session_id) / "tool-results";
  options.session.child_environment = make_child_environment(setup);
  options.session.limits = make_limits(setup.environment);
  options.session.strict_read_before_edit = setup.model.info.must_read_before_edit;
  for (const std::vector<std::string>* list : {&arguments.add_dirs, &setup.settings.additional_directories}) {
    for (const std::string& folder : *list) {
      options.session.additional_dirs.push_back(
          os::resolve_links(os::absolute_path(folder, setup.locations.project_dir, setup.locations.home)));
    }
  }

  options.tool_selection.only = arguments.tools;
  for (const permission::Rule& rule : setup.rules.allow) {
    if (rule.source == "--allowedTools") options.tool_selection.named.push_back(rule.tool);
  }
  options.tool_runner.rules = setup.rules;
  options.tool_runner.mode = setup.mode;
  if (const auto limit = parse_integer(trim(setup.environment.get("CLAUDE_CODE_MAX_TOOL_USE_CONCURRENCY")));
      limit && *limit > 0) {
    options.tool_runner.max_concurrency = static_cast<int>(std::min<long long>(*limit, 100));
  }
  options.system_prompt = {arguments.system_prompt, arguments.append_system_prompt};
  options.max_turns = arguments.max_turns;
  options.max_budget_usd = arguments.max_budget_usd;
  options.output_schema_json = arguments.json_schema;
  if (const auto retries = parse_integer(trim(setup.environment.get("MAX_STRUCTURED_OUTPUT_RETRIES")));
      retries && *retries >= 0) {
    options.max_structured_output_retries = static_cast<int>(std::min<long long>(*retries, 100));
  }
  options.clock = system_clock_now;
  return options;
}

std::unique_ptr<anthropic::Authenticator> make_authenticator(const Setup& setup) {
  if (auto usable = anthropic::check(setup.provider); !usable)
    return anthropic::make_refusing_authenticator(std::move(usable).error());
  if (setup.provider.auth != anthropic::AuthMethod::kSigV4)
    return anthropic::make_key_authenticator(setup.provider);
  auto chain = aws::make_default_chain(setup.environment, system_clock_now);
  return anthropic::make_sigv4_authenticator(
      setup.provider, aws::make_cached_provider(std::move(chain), system_clock_now), system_clock_now);
}

net::CurlClientOptions make_http_options(const Environment& environment) {
  const auto either = [&environment](const char* lower, const char* upper) {
    const std::string value = environment.get(lower);
    return value.empty() ? environment.get(upper) : value;
  };
  net::CurlClientOptions options;
  options.http_proxy = either("http_proxy", "HTTP_PROXY");
  options.https_proxy = either("https_proxy", "HTTPS_PROXY");
  options.no_proxy = either("no_proxy", "NO_PROXY");
  options.extra_ca_file = environment.get("NODE_EXTRA_CA_CERTS");
  options.client_certificate_file = environment.get("CLAUDE_CODE_CLIENT_CERT");
  options.client_key_file = environment.get("CLAUDE_CODE_CLIENT_KEY");
  options.client_key_passphrase = Secret(environment.get("CLAUDE_CODE_CLIENT_KEY_PASSPHRASE"));
  return options;
}

}  // namespace awl::cli
