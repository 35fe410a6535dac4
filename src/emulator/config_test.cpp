#include "emulator/config.h"

#include <gtest/gtest.h>

namespace awl::emulator {
namespace {

TEST(ParseAccessKey, TakesIdSecretAndToken) {
  const auto key = parse_access_key("AKID:a/b+c:token==");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->access_key_id, "AKID");
  EXPECT_EQ(key->secret_access_key.expose(), "a/b+c");
  EXPECT_EQ(key->session_token.expose(), "token==");
  EXPECT_TRUE(parse_access_key("AKID:secret")->session_token.empty());
}

TEST(ParseAccessKey, RefusesWithoutRepeatingTheSecret) {
  for (const char* text : {"", "AKID", "AKID:", ":secret", "a:b:c:d", "A-KID:hush"}) {
    const auto key = parse_access_key(text);
    ASSERT_FALSE(key) << text;
    EXPECT_FALSE(describe(key.error()).contains("hush"));
  }
}

TEST(Complete, MakesUpAKeyOnlyWhenNobodyCouldSignIn) {
  Config given;
  const auto made_up = complete(given, std::nullopt, {});
  ASSERT_TRUE(made_up);
  EXPECT_EQ(made_up->access_keys.size(), 1U);
  EXPECT_EQ(made_up->workspaces.size(), 1U);
  given.api_keys.emplace_back("k");
  EXPECT_TRUE(complete(given, std::nullopt, {})->access_keys.empty());
  Config open;
  open.require_auth = false;
  EXPECT_TRUE(complete(open, std::nullopt, {})->access_keys.empty());
}

TEST(Complete, TheMadeUpKeyIsRandomWhenOthersCanReachIt) {
  Config given;
  given.address = "0.0.0.0";
  EXPECT_FALSE(complete(given, std::nullopt, {}));
  given.allow_remote = true;
  const auto first = complete(given, std::nullopt, {});
  const auto second = complete(given, std::nullopt, {});
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->access_keys[0].secret_access_key, second->access_keys[0].secret_access_key);
}

TEST(Complete, RefusesBadValuesWithASentence) {
  Config region;
  region.region = "us east";
  EXPECT_TRUE(describe(complete(region, std::nullopt, {}).error()).contains("\"us east\" is not a region"));
  Config workspace;
  workspace.workspaces = {"default"};
  EXPECT_TRUE(
      describe(complete(workspace, std::nullopt, {}).error()).contains("\"default\" is not a workspace id"));
  EXPECT_FALSE(complete(Config(), std::chrono::seconds(1), {}));
}

TEST(Complete, TokensExpireAfterTheirLifetime) {
  Config given;
  given.access_keys.push_back(*parse_access_key("A:b:c"));
  given.access_keys.push_back(*parse_access_key("D:e"));
  const TimePoint now{std::chrono::hours(1)};
  const auto config = complete(given, std::chrono::seconds(60), now);
  ASSERT_TRUE(config);
  EXPECT_EQ(config->access_keys[0].expiration, now + std::chrono::seconds(60));
  EXPECT_FALSE(config->access_keys[1].expiration);
}

TEST(IsLoopback, KnowsTheUsualForms) {
  EXPECT_TRUE(is_loopback("127.0.0.1"));
  EXPECT_TRUE(is_loopback("::1"));
  EXPECT_FALSE(is_loopback("0.0.0.0"));
  EXPECT_FALSE(is_loopback("10.0.0.1"));
}

TEST(Banner, ShowsTheLinesForAShell) {
  const auto config = complete(Config(), std::nullopt, {});
  const std::string text = banner(*config, 1234);
  EXPECT_TRUE(text.contains("it is not Claude"));
  for (const char* line :
       {"export CLAUDE_CODE_USE_ANTHROPIC_AWS=1\n", "export ANTHROPIC_AWS_WORKSPACE_ID=wrkspc_",
        "export ANTHROPIC_AWS_BASE_URL=http://127.0.0.1:1234\n", "export AWS_REGION=us-east-1\n",
        "export AWS_ACCESS_KEY_ID=", "export AWS_SECRET_ACCESS_KEY="}) {
    EXPECT_TRUE(text.contains(line)) << line << text;
  }
  Config keyed;
  keyed.api_keys.emplace_back("it's");
  EXPECT_TRUE(
      banner(*complete(keyed, std::nullopt, {}), 1).contains("export ANTHROPIC_AWS_API_KEY='it'\\''s'\n"));
}

}  // namespace
}  // namespace awl::emulator
