#include "emulator/config_file.h"

#include <gtest/gtest.h>

#include "emulator/test_support.h"

namespace awl::emulator {
namespace {

using testing::kNow;

Result<Config> config_of(const std::string& text) {
  std::vector<std::string> warnings;
  return parse_config(text, "/work/emulator.json", Config(), kNow, warnings);
}

std::string mistake_in(const std::string& text) {
  const auto config = config_of(text);
  return config ? "accepted" : config.error().message;
}

TEST(ConfigFile, ReadsWhoMaySendWhat) {
  const auto config = config_of(R"({"region":"eu-west-1","account":"210987654321","source_ip":"203.0.113.7",
    "web_identity_federation":false,"clock_offset_s":-600,"scenario":"s.json",
    "workspaces":["wrkspc_1",{"id":"wrkspc_2","tags":{"team":"red"}},{"id":"wrkspc_3","region":"us-east-1"}],
    "principals":[
      {"user":"dev","tags":{"team":"red"},"policies":["AnthropicInferenceAccess"],"api_keys":["k1"],
       "access_keys":[{"id":"AKIA1","secret":"s"}]},
      {"role":"ci","session":"run-7","policies":[{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}],
       "access_keys":[{"id":"ASIA1","secret":"s","session_token":"t","lifetime_s":60}],"bearer_tokens":["b1"]}]})");
  ASSERT_TRUE(config) << describe(config.error());
  EXPECT_EQ(config->region, "eu-west-1");
  EXPECT_EQ(config->workspaces, (std::vector<std::string>{"wrkspc_1", "wrkspc_2"}));
  EXPECT_EQ(config->workspace_tags.at("wrkspc_2").at("team"), "red");
  EXPECT_EQ(config->foreign_workspaces.at("wrkspc_3"), "us-east-1");
  EXPECT_EQ(config->scenario, "/work/s.json");
  EXPECT_FALSE(config->web_identity_federation);
  EXPECT_EQ(config->clock_offset.count(), -600);
  ASSERT_EQ(config->principals.size(), 2U);
  EXPECT_EQ(arn_of(config->principals[0], config->account), "arn:aws:iam::210987654321:user/dev");
  EXPECT_EQ(arn_of(config->principals[1], config->account),
            "arn:aws:sts::210987654321:assumed-role/ci/run-7");
  EXPECT_EQ(principal_arn_key(config->principals[1], config->account), "arn:aws:iam::210987654321:role/ci");
  EXPECT_EQ(config->principals[1].access_keys[0].expiration, kNow + std::chrono::seconds(60));
  EXPECT_TRUE(config->principals[1].policies[0].statements[0].is_deny);
}

TEST(ConfigFile, MistakesNameFileLineAndPlace) {
  EXPECT_TRUE(mistake_in("{\n\"regions\":1}").starts_with("/work/emulator.json:2: regions: expected one of"));
  EXPECT_TRUE(mistake_in(R"({"source_ip":"10.0.0.0/8"})").contains("source_ip: expected an address"));
  EXPECT_TRUE(mistake_in(R"({"principals":[{"user":"a"}]})")
                  .contains("principals[0]: expected a field \"policies\""));
  EXPECT_TRUE(
      mistake_in(R"({"principals":[{"user":"a","role":"b","policies":[]}]})").contains("either \"user\""));
  EXPECT_TRUE(
      mistake_in(R"({"principals":[{"user":"a b","policies":[]}]})").contains("user: expected 1 to 64"));
  EXPECT_TRUE(
      mistake_in(R"({"principals":[{"user":"a","session":"s","policies":[]}]})").contains("roles have one"));
  EXPECT_TRUE(
      mistake_in(R"({"principals":[{"user":"a","policies":["Anthropic"]}]})").contains("neither a managed"));
  EXPECT_TRUE(
      mistake_in(R"({"principals":[{"user":"a","policies":["none.json"]}]})").contains("/work/none.json"));
  EXPECT_TRUE(mistake_in(R"({"principals":[{"user":"a","policies":[{"Statement":[{"Effect":"Allow"}]}]}]})")
                  .contains("principals[0].policies[0].Statement[0]: expected either Action"));
  EXPECT_TRUE(
      mistake_in(R"({"principals":[{"role":"a","policies":[],"access_keys":[{"id":"a","secret":"b"}]}]})")
          .contains("a session token"));
  EXPECT_TRUE(
      mistake_in(R"({"principals":[{"user":"a","policies":[],"api_keys":[""]}]})").contains("not empty"));
}

TEST(ConfigFile, CredentialsBelongToOnePrincipal) {
  const auto config = config_of(R"({"principals":[{"user":"a","policies":[],"api_keys":["k"]},
    {"user":"b","policies":[],"api_keys":["k"]}]})");
  ASSERT_TRUE(config);
  const auto completed = complete(*config, std::nullopt, kNow);
  ASSERT_FALSE(completed);
  EXPECT_TRUE(completed.error().message.contains("given twice"));
}

}  // namespace
}  // namespace awl::emulator
