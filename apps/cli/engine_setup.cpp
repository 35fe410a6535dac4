#include "cli/engine_setup.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "cli/config_change.h"
#include "cli/flag_values.h"
#include "cli/helper_program.h"
#include "cli/hook_setup.h"
#include "cli/memory_setup.h"
#include "cli/model_secrets.h"
#include "cli/permission_setup.h"
#include "cli/refusal_setup.h"
#include "cli/request_setup.h"
#include "cli/session_files.h"
#include "cli/tool_identity.h"
#include "cli/tool_setup.h"
#include "cli/version.h"
#include "os/path.h"
#include "tools/task_list.h"

namespace awl::cli {

namespace {

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
  // A year is enough, and does not overflow.
  read("CLAUDE_CODE_WEBFETCH_CACHE_TTL_MS", [&](long long v) {
    limits.web_fetch_cache_ttl = std::chrono::milliseconds(std::min(v, 31'536'000'000LL));
  });
  read("CLAUDE_CODE_MAX_WEB_SEARCHES_PER_SESSION", [&](long long v) { limits.max_web_searches = v; });
  limits.bash_max_timeout = std::max(limits.bash_max_timeout, limits.bash_default_timeout);
  return limits;
}

std::vector<agent::ModelLabel> list_models(const Setup& setup) {
  std::vector<agent::ModelLabel> models{{"default", "Default", setup.model.id}};
  for (const char* alias : {"opus", "sonnet", "haiku"}) {
    if (const auto model = choose_wished_model(setup, alias)) models.push_back({alias, alias, model->id});
  }
  return models;
}

agent::CompactionPolicy make_compaction_policy(const Setup& setup, const Arguments& arguments) {
  constexpr long long kLeastWindow = 100'000;
  const Environment& environment = setup.environment;
  agent::CompactionPolicy policy;
  policy.enabled = !environment.is_on("DISABLE_COMPACT");
  policy.automatic =
      !environment.is_on("DISABLE_AUTO_COMPACT") && setup.settings.auto_compact_enabled.value_or(true);
  policy.guess_window = !environment.is_on("CLAUDE_CODE_DISABLE_UNKNOWN_MODEL_WINDOW_ENFORCEMENT");
  if (const auto percent = parse_integer(trim(environment.get("CLAUDE_AUTOCOMPACT_PCT_OVERRIDE")));
      percent && *percent >= 1 && *percent <= 100) {
    policy.percent = static_cast<int>(*percent);
  }
  policy.window = std::max(setup.settings.auto_compact_window.value_or(0), int64_t{0});
  if (arguments.autocompact) policy.window = parse_window(*arguments.autocompact).value_or(0);
  if (policy.window > 0) policy.window = std::max<int64_t>(policy.window, kLeastWindow);
  if (const auto window = parse_integer(trim(environment.get("CLAUDE_CODE_AUTO_COMPACT_WINDOW")));
      window && *window > 0)
    policy.window = std::max(*window, kLeastWindow);
  return policy;
}

// One list per session, unless the person names one that several share.
os::Path task_list_folder(const Setup& setup, const std::string& session_id) {
  const std::string shared = setup.environment.get("CLAUDE_CODE_TASK_LIST_ID");
  return setup.locations.claude_dir / "tasks" /
         tools::task_list_folder_name(trim(shared).empty() ? session_id : shared);
}

std::vector<os::Path> resolve_folders(const Setup& setup, const std::vector<std::string>& folders) {
  std::vector<os::Path> resolved;
  for (const std::string& folder : folders)
    resolved.push_back(
        os::resolve_links(os::absolute_path(folder, setup.locations.project_dir, setup.locations.home)));
  return resolved;
}

}  // namespace

Environment make_child_environment(const Setup& setup, const std::string& effort) {
  Environment environment = setup.environment;
  unset_model_secrets(environment);
  if (environment.is_on("CLAUDE_CODE_SUBPROCESS_ENV_SCRUB")) unset_cloud_credentials(environment);
  choose_tools_profile(setup, environment);
  // One that was inherited from an outer session says nothing about this one.
  environment.unset("CLAUDE_EFFORT");
  if (!effort.empty()) environment.set("CLAUDE_EFFORT", effort);
  return environment;
}

std::vector<os::Path> settings_folders(const Setup& setup) {
  return resolve_folders(setup, setup.settings.additional_directories);
}

agent::EngineOptions make_engine_options(const Setup& setup, const Arguments& arguments,
                                         const std::string& session_id) {
  agent::EngineOptions options;
  options.provider = setup.provider;
  const std::string device_id = load_device_id(state_dir(setup.environment, setup.locations.home));
  options.request = make_request_settings(setup, arguments, setup.model, session_id, device_id);
  for (const anthropic::ModelChoice& model : setup.fallback_models) {
    options.fallbacks.push_back(make_request_settings(setup, arguments, model, session_id, device_id));
  }
  options.refusal_fallbacks = choose_refusal_fallbacks(setup, arguments, session_id, device_id);
  options.request_for = [&setup, &arguments, session_id, device_id](const agent::RequestWish& wish) {
    anthropic::ModelChoice model = setup.model;
    if (!wish.model.empty()) model = choose_wished_model(setup, wish.model).value_or(setup.model);
    Arguments wanted = arguments;
    if (!wish.effort.empty()) wanted.effort = wish.effort;
    if (wish.thinking_tokens) {
      wanted.thinking.reset();
      wanted.max_thinking_tokens = *wish.thinking_tokens;
    }
    return make_request_settings(setup, wanted, model, session_id, device_id);
  };
  options.small_request = make_request_settings(setup, arguments, setup.small_model, session_id, device_id);
  options.advice = {.provider = setup.provider,
                    .refresh_command = setup.settings.aws_auth_refresh.value_or(""),
                    .has_fallback = !setup.fallback_models.empty()};
  options.on_left_out = [state = state_dir(setup.environment, setup.locations.home),
                         base_url = setup.provider.base_url](const std::vector<std::string>& features) {
    // Not remembered, the next session finds out by itself.
    static_cast<void>(store_left_out(state, base_url, features, system_clock_now()));
  };
  // Clients know the variable's name of the direct API's key and "none".
  options.credential_source =
      setup.provider.auth_source == "ANTHROPIC_API_KEY" ? "ANTHROPIC_API_KEY" : "none";

  options.session.id = session_id;
  options.session.project_dir = setup.locations.project_dir;
  options.session.home = setup.locations.home;
  options.session.cwd = setup.locations.project_dir;
  options.session.output_dir = config::session_dir(setup.locations, session_id) / "tool-results";
  options.session.hook_env_file = config::session_dir(setup.locations, session_id) / "hook-env.sh";
  options.session.task_list_dir = task_list_folder(setup, session_id);
  options.session.child_environment = make_child_environment(setup, options.request.reasoning.effort);
  options.session.media_program = find_helper_program("media").value_or(os::Path());
  options.session.limits = make_limits(setup.environment);
  // Site owners who have rules for what a person's agent may fetch know it by the first word.
  options.session.web_user_agent = fmt::format("Claude-User (compatible; {})", user_agent());
  options.session.strict_read_before_edit = setup.model.info.must_read_before_edit;
  options.session.additional_dirs = resolve_folders(setup, arguments.add_dirs);
  std::ranges::copy(settings_folders(setup), std::back_inserter(options.session.additional_dirs));

  options.tool_selection = make_tool_selection(setup, arguments);
  options.tool_runner.rules = setup.rules;
  options.tool_runner.mode = setup.mode;
  options.auto_mode = setup.auto_mode;
  if (const auto limit = parse_integer(trim(setup.environment.get("CLAUDE_CODE_MAX_TOOL_USE_CONCURRENCY")));
      limit && *limit > 0) {
    options.tool_runner.max_concurrency = static_cast<int>(std::min<long long>(*limit, 100));
  }
  options.compaction = make_compaction_policy(setup, arguments);
  options.hooks = make_hook_settings(setup);
  std::vector<std::string> told_already;
  options.settings.rules = collect_settings_rules(setup.settings, told_already);
  options.settings.folders = settings_folders(setup);
  options.may_bypass = !setup.settings.disable_bypass_mode &&
                       (arguments.may_skip_permissions || setup.mode == permission::Mode::kBypass);
  const bool keeps_files = arguments.interactive
                               ? setup.settings.file_checkpointing
                               : setup.environment.is_on("CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING");
  if (keeps_files && !setup.environment.is_on("CLAUDE_CODE_DISABLE_FILE_CHECKPOINTING"))
    options.checkpoint_dir = checkpoint_dir(setup.locations, session_id);
  // Nobody else is told of them.
  if (arguments.stream_input || arguments.interactive) options.models = list_models(setup);
  options.setup_trigger = arguments.setup_trigger;
  options.setup_only = arguments.setup_only;
  options.opens_itself = !arguments.interactive && !arguments.stream_input;
  options.has_person = arguments.interactive;
  options.tool_runner.may_defer = !arguments.interactive;
  options.session.plan_file = plan_file(setup, session_id);
  options.instructions = make_instruction_options(setup, arguments);
  if (options.instructions && !options.instructions->auto_memory.empty())
    options.session.notes_dir = options.instructions->auto_memory.parent_path();
  options.system_prompt = setup.system_prompt;
  options.system_prompt.short_prompt = options.tool_selection.minimal;
  options.configure = [&setup](const std::string& words) { return configure(setup.locations, words); };
  options.save_permissions = [&setup](const std::string& updates) {
    return save_permission_updates(setup.locations, updates);
  };
  options.max_turns = setup.max_turns;
  options.watch_prefix = arguments.debug || arguments.debug_to_stderr || arguments.debug_file.has_value();
  options.max_budget_usd = arguments.max_budget_usd;
  options.output_schema_json = arguments.json_schema;
  if (const auto retries = parse_integer(trim(setup.environment.get("MAX_STRUCTURED_OUTPUT_RETRIES")));
      retries && *retries >= 0) {
    options.max_structured_output_retries = static_cast<int>(std::min<long long>(*retries, 100));
  }
  options.clock = system_clock_now;
  return options;
}

}  // namespace awl::cli
