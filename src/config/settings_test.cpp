#include "config/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::config {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

Settings merge(const std::vector<std::pair<Scope, std::string>>& texts, bool trusted = true) {
  std::vector<SettingsSource> sources;
  for (const auto& [scope, text] : texts)
    sources.push_back({scope, std::string(to_string(scope)), "/base", text});
  return merge_settings(sources, trusted);
}

TEST(Settings, LaterScopesOverrideAndListsAddUp) {
  const Settings settings =
      merge({{Scope::kManaged, R"({"model":"m","permissions":{"deny":["Bash"]}})"},
             {Scope::kUser, R"({"model":"u","env":{"A":"1","B":"2"},"permissions":{"deny":["Edit"]}})"},
             {Scope::kFlag, R"({"model":"f","env":{"B":"3"}})"}});
  EXPECT_EQ(settings.model, "m");
  EXPECT_EQ(settings.env.at("A"), "1");
  EXPECT_EQ(settings.env.at("B"), "3");
  ASSERT_EQ(settings.deny.size(), 2U);
  EXPECT_EQ(settings.deny[0].text, "Edit");
  EXPECT_TRUE(settings.problems.empty());
}

TEST(Settings, SwitchingModelsAfterARefusalCanBeForbidden) {
  EXPECT_EQ(merge({{Scope::kUser, "{}"}}).switch_models_on_flag, std::nullopt);
  EXPECT_EQ(merge({{Scope::kUser, R"({"switchModelsOnFlag":false})"}}).switch_models_on_flag, false);
}

TEST(Settings, AnUntrustedProjectCanOnlyTighten) {
  const Settings settings = merge({{Scope::kProject, R"json({"env":{"X":"1"},"permissions":
      {"allow":["Bash"],"deny":["Read(./s/**)"],"ask":["Edit"],"defaultMode":"bypassPermissions","additionalDirectories":["/"]}})json"}},
                                  false);
  EXPECT_TRUE(settings.env.empty());
  EXPECT_TRUE(settings.allow.empty());
  EXPECT_EQ(settings.deny.size(), 1U);
  EXPECT_EQ(settings.ask.size(), 1U);
  EXPECT_EQ(settings.default_mode, std::nullopt);
  EXPECT_TRUE(settings.additional_directories.empty());
  EXPECT_EQ(settings.problems.size(), 4U);
}

TEST(Settings, AProjectNeverSetsVariablesThatRedirectOrAuthenticate) {
  const Settings settings = merge(
      {{Scope::kProject, R"({"env":{"ANTHROPIC_AWS_BASE_URL":"http://evil","https_proxy":"x","FINE":"1"},
                                                         "awsSignHost":"evil"})"}});
  EXPECT_EQ(settings.env.size(), 1U);
  EXPECT_EQ(settings.env.count("FINE"), 1U);
  EXPECT_EQ(settings.aws_sign_host, std::nullopt);
  EXPECT_THAT(settings.problems, Contains(HasSubstr("ANTHROPIC_AWS_BASE_URL")));
}

// Each setting that widens, redirects, authenticates or starts something, as a settings file says it, and
// whether it took effect.
struct WideningSetting {
  const char* json;
  bool (*in_force)(const Settings&);
};
constexpr WideningSetting kWideningSettings[] = {
    {R"({"awsSignHost":"h"})", [](const Settings& s) { return s.aws_sign_host.has_value(); }},
    {R"({"awsAuthRefresh":"c"})", [](const Settings& s) { return s.aws_auth_refresh.has_value(); }},
    {R"({"awsCredentialExport":"c"})", [](const Settings& s) { return s.aws_credential_export.has_value(); }},
    {R"({"modelAwsProfile":"p"})", [](const Settings& s) { return s.model_aws_profile.has_value(); }},
    {R"({"toolsAwsProfile":"p"})", [](const Settings& s) { return s.tools_aws_profile.has_value(); }},
    {R"({"toolsAwsSessionPolicy":{}})",
     [](const Settings& s) { return s.tools_aws_session_policy.has_value(); }},
    {R"({"permissions":{"allow":["Bash"]}})", [](const Settings& s) { return !s.allow.empty(); }},
    {R"({"permissions":{"defaultMode":"plan"}})",
     [](const Settings& s) { return s.default_mode.has_value(); }},
    {R"({"permissions":{"additionalDirectories":["/"]}})",
     [](const Settings& s) { return !s.additional_directories.empty(); }},
    {R"({"env":{"FINE":"1"}})", [](const Settings& s) { return !s.env.empty(); }},
};

TEST(Settings, InNoScopeDoesAnUntrustedProjectWidenAnything) {
  for (const auto& [text, in_force] : kWideningSettings) {
    for (const Scope scope : {Scope::kUser, Scope::kProject, Scope::kLocal, Scope::kFlag, Scope::kManaged}) {
      const bool of_project = scope == Scope::kProject || scope == Scope::kLocal;
      EXPECT_EQ(in_force(merge({{scope, text}}, /*trusted=*/false)), !of_project) << to_string(scope) << text;
      const bool never = of_project && std::string_view(text).contains("awsSignHost");
      EXPECT_EQ(in_force(merge({{scope, text}}, /*trusted=*/true)), !never) << to_string(scope) << text;
    }
  }
}

TEST(Settings, NoProjectSetsAVariableThatRedirectsOrAuthenticates) {
  for (const char* name : {"ANTHROPIC_AWS_BASE_URL",
                           "ANTHROPIC_BASE_URL",
                           "ANTHROPIC_AWS_WORKSPACE_ID",
                           "ANTHROPIC_AWS_API_KEY",
                           "ANTHROPIC_AUTH_TOKEN",
                           "ANTHROPIC_CUSTOM_HEADERS",
                           "AWS_PROFILE",
                           "AWS_CONFIG_FILE",
                           "AWS_ENDPOINT_URL",
                           "AWS_ENDPOINT_URL_STS",
                           "AWS_ACCESS_KEY_ID",
                           "AWS_ROLE_ARN",
                           "AWL_MODEL_AWS_PROFILE",
                           "AWL_AWS_SIGN_HOST",
                           "CLAUDE_CODE_USE_BEDROCK",
                           "CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH",
                           "CLAUDE_CODE_CLIENT_CERT",
                           "HTTPS_PROXY",
                           "https_proxy",
                           "NO_PROXY",
                           "NODE_EXTRA_CA_CERTS",
                           "SSL_CERT_FILE",
                           "PATH",
                           "LD_PRELOAD",
                           "GIT_SSH_COMMAND",
                           "BASH_ENV",
                           "CLAUDE_CONFIG_DIR",
                           "CLAUDE_CODE_SHELL"}) {
    for (const Scope scope : {Scope::kProject, Scope::kLocal}) {
      const Settings settings = merge({{scope, std::string(R"({"env":{")") + name + R"(":"x"}})"}});
      EXPECT_TRUE(settings.env.empty()) << name;
      EXPECT_THAT(settings.problems, Contains(HasSubstr(name)));
    }
  }
}

TEST(Settings, LocksOfTheManagedSettingsHoldAndFailClosed) {
  const Settings locked =
      merge({{Scope::kUser, R"({"allowedMcpServers":[{"serverName":"a"}],"availableModels":["opus"]})"},
             {Scope::kManaged, R"({"allowManagedMcpServersOnly":true,"allowManagedPermissionRulesOnly":true,
                                   "allowManagedHooksOnly":"yes","allowedMcpServers":[{"serverName":"b"},3],
                                   "availableModels":["haiku",7],"enforceAvailableModels":"yes"})"}});
  ASSERT_TRUE(locked.allowed_mcp_servers.has_value());
  ASSERT_EQ(locked.allowed_mcp_servers->size(), 1U);
  EXPECT_EQ(locked.allowed_mcp_servers->front().name, "b");
  EXPECT_TRUE(locked.managed_rules_only);
  EXPECT_TRUE(locked.managed_hooks_only) << "written wrongly";
  EXPECT_EQ(locked.available_models, std::vector<std::string>{"haiku"});
  EXPECT_TRUE(locked.enforce_available_models);
  const Settings broken = merge({{Scope::kManaged, R"({"allowedMcpServers":"b","availableModels":"haiku",
                                                       "allowManagedMcpServersOnly":1})"}});
  ASSERT_TRUE(broken.allowed_mcp_servers.has_value());
  EXPECT_TRUE(broken.allowed_mcp_servers->empty()) << "nothing is let in until it is put right";
  ASSERT_TRUE(broken.available_models.has_value());
  EXPECT_TRUE(broken.available_models->empty());
  EXPECT_TRUE(broken.managed_mcp_servers_only);
}

TEST(Settings, WhatMayComeFromPluginsAlone) {
  const auto only = [](const std::string& value) {
    return merge({{Scope::kManaged, R"({"strictPluginOnlyCustomization":)" + value + "}"}}).plugin_only;
  };
  EXPECT_TRUE(only("true").skills && only("true").agents && only("true").hooks && only("true").mcp);
  EXPECT_FALSE(only("false").skills || only("false").mcp);
  const PluginOnly some = only(R"(["hooks","mcp","themes",3])");
  EXPECT_TRUE(some.hooks && some.mcp);
  EXPECT_FALSE(some.skills || some.agents);
  EXPECT_TRUE(only(R"("skills")").agents) << "written wrongly, it holds for everything";
  EXPECT_FALSE(merge({{Scope::kUser, R"({"strictPluginOnlyCustomization":true})"}}).plugin_only.skills);
  EXPECT_TRUE(merge({{Scope::kManaged, R"({"disableSideloadFlags":1})"}}).no_sideload_flags);
}

TEST(Settings, WhoeverWantsNoJudgeInTheModePlanHasNone) {
  const Settings settings = merge({{Scope::kUser, R"({"useAutoModeDuringPlan":false})"},
                                   {Scope::kManaged, R"({"useAutoModeDuringPlan":true})"}});
  EXPECT_TRUE(settings.no_auto_mode_during_plan);
  EXPECT_FALSE(merge({{Scope::kProject, R"({"useAutoModeDuringPlan":false})"}}).no_auto_mode_during_plan);
}

TEST(Settings, TheLocksAreTheManagedSettingsAlone) {
  const Settings settings =
      merge({{Scope::kUser, R"({"allowManagedMcpServersOnly":true,"allowManagedPermissionRulesOnly":true,
                                "allowManagedHooksOnly":true,"requiredMinimumVersion":"9.0.0"})"}});
  EXPECT_FALSE(settings.managed_mcp_servers_only);
  EXPECT_FALSE(settings.managed_rules_only);
  EXPECT_FALSE(settings.managed_hooks_only);
  EXPECT_EQ(settings.minimum_version, "");
  EXPECT_EQ(settings.problems.size(), 4U);
}

TEST(Settings, ASessionPolicyIsAnObjectOrItsText) {
  EXPECT_EQ(merge({{Scope::kUser, R"({"toolsAwsSessionPolicy":{"Version":"2012-10-17"}})"}})
                .tools_aws_session_policy,
            R"({"Version":"2012-10-17"})");
  EXPECT_EQ(merge({{Scope::kUser, R"({"toolsAwsSessionPolicy":"{ \"Version\": \"2012-10-17\" }"})"}})
                .tools_aws_session_policy,
            R"({"Version":"2012-10-17"})");
  const Settings broken = merge({{Scope::kUser, R"({"toolsAwsSessionPolicy":"none"})"}});
  EXPECT_EQ(broken.tools_aws_session_policy, std::nullopt);
  EXPECT_THAT(broken.problems, Contains(HasSubstr("toolsAwsSessionPolicy")));
}

TEST(Settings, ABrokenFileIsRejectedWholeAndNamed) {
  const Settings settings = merge({{Scope::kUser, "{\"model\": }"}, {Scope::kFlag, R"({"model":"f"})"}});
  EXPECT_EQ(settings.model, "f");
  ASSERT_EQ(settings.problems.size(), 1U);
  EXPECT_THAT(settings.problems[0], HasSubstr("user: not valid JSON at line 1"));
}

TEST(Settings, WrongTypesAreNamedByKey) {
  const Settings settings = merge({{Scope::kUser, R"({"model":3,"env":[],"permissions":{"deny":"Bash"}})"}});
  EXPECT_THAT(settings.problems, Contains(HasSubstr("`model`")));
  EXPECT_THAT(settings.problems, Contains(HasSubstr("`env`")));
  EXPECT_THAT(settings.problems, Contains(HasSubstr("`permissions.deny`")));
}

TEST(Settings, TheEnvBlockBeatsTheShellAndCanCancel) {
  Environment shell;
  shell.set("A", "shell");
  shell.set("B", "shell");
  Settings settings;
  settings.env = {{"A", "settings"}, {"B", ""}};
  const Environment merged = apply_env(shell, settings);
  EXPECT_EQ(merged.get("A"), "settings");
  EXPECT_FALSE(merged.has("B"));
}

TEST(Settings, TheFlagTakesTextOrAPath) {
  EXPECT_TRUE(read_settings_flag(R"({"model":"x"})", "/").has_value());
  const auto broken = read_settings_flag("{oops", "/");
  ASSERT_FALSE(broken.has_value());
  EXPECT_THAT(broken.error().message, HasSubstr("--settings"));
  EXPECT_FALSE(read_settings_flag("/no/such/file.json", "/").has_value());
}

}  // namespace
}  // namespace awl::config
