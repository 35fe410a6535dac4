#include "cli/session_setup.h"

#include <fmt/format.h>

#include <climits>

#include "base/strings.h"
#include "cli/auto_mode_setup.h"
#include "cli/permission_setup.h"
#include "cli/policy_helper.h"
#include "cli/request_setup.h"
#include "cli/state_files.h"
#include "cli/system_prompt_setup.h"
#include "config/trust.h"
#include "os/path.h"

namespace awl::cli {

namespace {

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

// Children inherit these two, as if the person had set the variables.
void apply_switches(const Arguments& arguments, Environment& environment) {
  if (arguments.bare) environment.set("CLAUDE_CODE_SIMPLE", "1");
  if (arguments.safe_mode) environment.set("CLAUDE_CODE_SAFE_MODE", "1");
}

Result<> check_folders(const Arguments& arguments, const config::Locations& locations) {
  for (const std::string& folder : arguments.add_dirs) {
    const os::Path path = os::absolute_path(folder, locations.project_dir, locations.home);
    if (!os::is_folder(path)) {
      return fail(ErrorKind::kInvalidInput, fmt::format("--add-dir: {} is not a folder", path.string()),
                  "The flag takes every word up to the next flag: write the prompt before it, or after --.");
    }
  }
  return {};
}

anthropic::Platform platform_of(anthropic::ProviderKind kind) {
  switch (kind) {
    case anthropic::ProviderKind::kClaudePlatformOnAws:
      return anthropic::Platform::kClaudePlatformOnAws;
    case anthropic::ProviderKind::kBedrock:
      return anthropic::Platform::kBedrock;
    case anthropic::ProviderKind::kFoundry:
      return anthropic::Platform::kFoundry;
    default:
      return anthropic::Platform::kAnthropicApi;
  }
}

void choose_model_profile(Setup& setup) {
  setup.model_environment = setup.environment;
  std::string profile(trim(setup.environment.get("AWL_MODEL_AWS_PROFILE")));
  setup.model_profile_source = "AWL_MODEL_AWS_PROFILE";
  if (profile.empty() && setup.settings.model_aws_profile) {
    profile = trim(*setup.settings.model_aws_profile);
    setup.model_profile_source = "modelAwsProfile";
  }
  if (profile.empty()) {
    setup.model_profile_source.clear();
    return;
  }
  setup.model_environment.set("AWS_PROFILE", profile);
}

Result<int> choose_max_turns(const Arguments& arguments, const Environment& environment) {
  if (arguments.max_turns) return *arguments.max_turns;
  const std::string text = environment.get("CLAUDE_CODE_MAX_TURNS");
  if (trim(text).empty()) return 0;
  const auto number = parse_integer(trim(text));
  if (!number || *number < 1 || *number > INT_MAX) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("CLAUDE_CODE_MAX_TURNS: \"{}\" is not a whole number above 0", text));
  }
  return static_cast<int>(*number);
}

}  // namespace

Result<Setup> make_setup(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  Setup setup;
  setup.shell = shell;
  AWL_TRY(setup.locations, config::find_locations(shell, cwd));
  AWL_TRY(const std::vector<config::Scope> scopes, parse_scopes(arguments.setting_sources));
  auto sources = config::read_settings_files(setup.locations, scopes, setup.problems);
  AWL_TRY(setup.policy_refresh, add_policy(arguments, shell, setup.locations, sources, setup.problems));
  if (arguments.settings) {
    AWL_TRY(auto source, config::read_settings_flag(*arguments.settings, cwd));
    sources.push_back(std::move(source));
  }
  const config::Trust trust = config::look_at_trust(setup.locations, trust_file(shell, setup.locations.home));
  setup.trusted = trust.trusted;
  if (const std::string problem = trust.problem(); !problem.empty()) setup.problems.push_back(problem);
  setup.settings = config::merge_settings(sources, setup.trusted);
  setup.problems.insert(setup.problems.end(), setup.settings.problems.begin(), setup.settings.problems.end());
  setup.environment = config::apply_env(shell, setup.settings);
  apply_switches(arguments, setup.environment);
  AWL_CHECK(check_folders(arguments, setup.locations));
  AWL_TRY(setup.max_turns, choose_max_turns(arguments, setup.environment));
  AWL_TRY(setup.system_prompt,
          make_system_prompt(arguments, setup.locations.project_dir, setup.locations.home));

  Environment reported = setup.environment;
  for (const std::string& name : telemetry::lock_destination(setup.settings.managed_env, reported))
    setup.problems.push_back(
        fmt::format("{} is not used: the managed settings say where telemetry goes", name));
  setup.telemetry = telemetry::read_settings(reported, !arguments.interactive, setup.problems);
  AWL_TRY(setup.mode, choose_mode(arguments, setup.settings, setup.environment, setup.problems));
  AWL_TRY(setup.rules, collect_rules(arguments, setup.settings, setup.locations.project_dir, setup.problems));

  choose_model_profile(setup);
  setup.provider = anthropic::choose_provider(setup.model_environment, setup.settings.aws_sign_host);
  setup.platform = platform_of(setup.provider.kind);
  choose_extras(setup, arguments);
  choose_models(setup, arguments);
  choose_auto_mode(setup);
  return setup;
}

}  // namespace awl::cli
