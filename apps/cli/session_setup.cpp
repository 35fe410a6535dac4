#include "cli/session_setup.h"

#include <fmt/format.h>

#include "base/strings.h"
#include "cli/permission_setup.h"
#include "cli/request_setup.h"
#include "config/trust.h"

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

}  // namespace

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
  AWL_TRY(setup.rules, collect_rules(arguments, setup.settings, setup.locations.project_dir, setup.problems));

  setup.provider = anthropic::choose_provider(setup.environment, setup.settings.aws_sign_host);
  const auto platform = setup.provider.kind == anthropic::ProviderKind::kClaudePlatformOnAws
                            ? anthropic::Platform::kClaudePlatformOnAws
                            : anthropic::Platform::kAnthropicApi;
  setup.model = anthropic::choose_model({.flag = arguments.model, .settings = setup.settings.model},
                                        setup.environment, platform, setup.mode == permission::Mode::kPlan);
  setup.small_model = anthropic::choose_small_model(setup.environment, platform);
  setup.fallback_models = choose_fallbacks(setup, arguments, platform);
  return setup;
}

}  // namespace awl::cli
