#include "config/managed_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::config {
namespace {

using ::testing::HasSubstr;

std::vector<SettingsSource> managed(const std::string& contents) {
  return {{Scope::kUser, "user", "/", R"({"model":"opus","policyHelper":{"path":"/bin/false"}})"},
          {Scope::kManaged, "managed", "/", contents}};
}

TEST(ManagedPolicy, AHelperIsTheManagedFilesAlone) {
  EXPECT_EQ(find_policy_helper(managed("{}")).value(), std::nullopt);
  const auto helper =
      find_policy_helper(managed(R"({"policyHelper":{"path":"/opt/policy","timeoutMs":5000}})")).value();
  ASSERT_TRUE(helper.has_value());
  EXPECT_EQ(helper->path, "/opt/policy");
  EXPECT_EQ(helper->timeout, std::chrono::milliseconds(5000));
}

TEST(ManagedPolicy, AHelperThatIsWrittenWronglyIsAnError) {
  for (const char* helper :
       {R"({"path":"policy"})", R"({"path":"/opt/../policy"})", R"({})", R"("/opt/policy")",
        R"({"path":"/opt/policy","timeoutMs":10})", R"({"path":"/opt/policy","timeoutMs":"1s"})",
        R"({"path":"/opt/policy","refreshIntervalMs":10})",
        R"({"path":"/opt/policy","refreshIntervalMs":-1})"}) {
    const auto found = find_policy_helper(managed(R"({"policyHelper":)" + std::string(helper) + "}"));
    ASSERT_FALSE(found.has_value()) << helper;
    EXPECT_THAT(found.error().message, HasSubstr("policyHelper"));
  }
}

TEST(ManagedPolicy, WhatAHelperPrintsStandsForAllManagedFiles) {
  auto sources = managed(R"({"permissions":{"deny":["Read"]}})");
  ASSERT_TRUE(apply_policy_output(R"({"note":"none today"})", "/opt/policy", sources).has_value());
  EXPECT_EQ(merge_settings(sources, true).deny.size(), 1U) << "without the key the files stay";
  for (const char* bad : {"", "[]", "{\"managedSettings\":", R"({"managedSettings":[]})"}) {
    EXPECT_FALSE(apply_policy_output(bad, "/opt/policy", sources).has_value()) << bad;
    EXPECT_EQ(merge_settings(sources, true).deny.size(), 1U);
  }
  ASSERT_TRUE(
      apply_policy_output(R"({"managedSettings":{"model":"haiku"}})", "/opt/policy", sources).has_value());
  const Settings settings = merge_settings(sources, true);
  EXPECT_TRUE(settings.deny.empty());
  EXPECT_EQ(settings.model, "haiku");
}

TEST(ManagedPolicy, AParentRestrictsAndDoesNothingElse) {
  std::vector<SettingsSource> sources;
  const auto sentences = add_parent_settings(
      R"({"permissions":{"deny":["Bash"],"allow":["Read"],"defaultMode":"bypassPermissions"},
          "env":{"A":"b"},"availableModels":["haiku"],"strictPluginOnlyCustomization":["hooks"]})",
      sources);
  ASSERT_TRUE(sentences.has_value());
  EXPECT_EQ(sentences->size(), 3U);
  const Settings settings = merge_settings(sources, true);
  EXPECT_EQ(settings.deny.size(), 1U);
  EXPECT_TRUE(settings.allow.empty());
  EXPECT_TRUE(settings.env.empty());
  EXPECT_EQ(settings.default_mode, std::nullopt);
  EXPECT_TRUE(settings.plugin_only.hooks);
  EXPECT_EQ(settings.available_models, std::vector<std::string>{"haiku"});
}

TEST(ManagedPolicy, TheOrganisationDecidesWhetherAParentCounts) {
  auto sources = managed(R"({"availableModels":["opus"]})");
  const std::string parent = R"({"permissions":{"deny":["Bash"]},"availableModels":["haiku"]})";
  const auto ignored = add_parent_settings(parent, sources);
  ASSERT_TRUE(ignored.has_value());
  EXPECT_EQ(ignored->size(), 1U);
  EXPECT_TRUE(merge_settings(sources, true).deny.empty());
  sources = managed(R"({"availableModels":["opus"],"parentSettingsBehavior":"merge"})");
  EXPECT_TRUE(add_parent_settings(parent, sources).value().empty());
  const Settings settings = merge_settings(sources, true);
  EXPECT_EQ(settings.deny.size(), 1U);
  EXPECT_EQ(settings.available_models, std::vector<std::string>{"opus"});
  EXPECT_FALSE(add_parent_settings("[]", sources).has_value());
  EXPECT_FALSE(add_parent_settings("{", sources).has_value());
}

}  // namespace
}  // namespace awl::config
