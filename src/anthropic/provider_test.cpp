#include "anthropic/provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

using ::testing::HasSubstr;

// Files of the person running the test must not decide the region.
Provider choose(std::map<std::string, std::string, std::less<>> environment,
                std::optional<std::string> sign_host = {}) {
  environment.emplace("HOME", "/nonexistent");
  return choose_provider(Environment(std::move(environment)), sign_host);
}

std::map<std::string, std::string, std::less<>> on_aws(
    std::map<std::string, std::string, std::less<>> more = {}) {
  more.emplace("CLAUDE_CODE_USE_ANTHROPIC_AWS", "1");
  more.emplace("ANTHROPIC_AWS_WORKSPACE_ID", "wrkspc_1");
  more.emplace("AWS_REGION", "eu-west-1");
  return more;
}

TEST(Provider, TheSwitchDecides) {
  for (const char* on : {"1", "true", "YES", "on", " On "}) {
    EXPECT_EQ(choose({{"CLAUDE_CODE_USE_ANTHROPIC_AWS", on}}).kind, ProviderKind::kClaudePlatformOnAws) << on;
  }
  for (const char* off : {"", "0", "false", "maybe"}) {
    EXPECT_EQ(choose({{"CLAUDE_CODE_USE_ANTHROPIC_AWS", off}, {"AWS_ACCESS_KEY_ID", "A"}}).kind,
              ProviderKind::kAnthropicApi)
        << off;
  }
}

TEST(Provider, BedrockAndFoundryComeFirstOthersLast) {
  const Provider bedrock =
      choose(on_aws({{"CLAUDE_CODE_USE_BEDROCK", "1"}, {"CLAUDE_CODE_USE_FOUNDRY", "1"}}));
  EXPECT_EQ(bedrock.kind, ProviderKind::kBedrock);
  EXPECT_EQ(bedrock.base_url, "https://bedrock-runtime.eu-west-1.amazonaws.com");
  EXPECT_EQ(bedrock.auth, AuthMethod::kSigV4);
  EXPECT_TRUE(check(bedrock));
  const Provider foundry =
      choose(on_aws({{"CLAUDE_CODE_USE_FOUNDRY", "1"}, {"ANTHROPIC_FOUNDRY_RESOURCE", "mine"}}));
  EXPECT_EQ(foundry.base_url, "https://mine.services.ai.azure.com/anthropic");
  EXPECT_EQ(foundry.auth, AuthMethod::kEntra);
  EXPECT_TRUE(check(foundry));
  EXPECT_THAT(describe(check(choose(on_aws({{"CLAUDE_CODE_USE_FOUNDRY", "1"}}))).error()),
              HasSubstr("ANTHROPIC_FOUNDRY_RESOURCE"));
  EXPECT_EQ(choose(on_aws({{"CLAUDE_CODE_USE_VERTEX", "1"}})).kind, ProviderKind::kClaudePlatformOnAws);
  const auto vertex = check(choose({{"CLAUDE_CODE_USE_VERTEX", "1"}}));
  ASSERT_FALSE(vertex);
  EXPECT_EQ(vertex.error().kind, ErrorKind::kUnsupported);
  EXPECT_THAT(vertex.error().message, HasSubstr("CLAUDE_CODE_USE_VERTEX"));
  EXPECT_EQ(choose(on_aws({{"CLAUDE_CODE_USE_BEDROCK", "0"}})).kind, ProviderKind::kClaudePlatformOnAws);
}

TEST(Provider, TheEndpointFollowsTheRegionUnlessOverridden) {
  EXPECT_EQ(choose(on_aws()).base_url, "https://aws-external-anthropic.eu-west-1.api.aws");
  const Provider proxied = choose(on_aws({{"ANTHROPIC_AWS_BASE_URL", "https://proxy.corp/anthropic//"}}));
  EXPECT_EQ(proxied.base_url, "https://proxy.corp/anthropic");
  EXPECT_EQ(proxied.base_url_source, "ANTHROPIC_AWS_BASE_URL");
  EXPECT_FALSE(check(choose(on_aws({{"ANTHROPIC_AWS_BASE_URL", "ftp://x"}}))).has_value());
}

TEST(Provider, AKeyBeatsSigningAndSkipBeatsBoth) {
  EXPECT_EQ(choose(on_aws()).auth, AuthMethod::kSigV4);
  const Provider key = choose(on_aws({{"ANTHROPIC_AWS_API_KEY", "k"}, {"ANTHROPIC_API_KEY", "other"}}));
  EXPECT_EQ(key.auth, AuthMethod::kApiKey);
  EXPECT_EQ(key.secret.expose(), "k");
  EXPECT_EQ(
      choose(on_aws({{"ANTHROPIC_AWS_API_KEY", "k"}, {"CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH", "1"}})).auth,
      AuthMethod::kNone);
  const Provider bearer =
      choose(on_aws({{"ANTHROPIC_AUTH_TOKEN", "t"}, {"CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH", "1"}}));
  EXPECT_EQ(bearer.auth, AuthMethod::kBearer);
  EXPECT_EQ(choose(on_aws({{"ANTHROPIC_AUTH_TOKEN", "t"}})).auth, AuthMethod::kSigV4)
      << "a token alone is no sign-in here";
}

TEST(Provider, TheWorkspaceIsRequiredAndNamed) {
  const auto checked = check(choose({{"CLAUDE_CODE_USE_ANTHROPIC_AWS", "1"}}));
  ASSERT_FALSE(checked.has_value());
  EXPECT_THAT(checked.error().message, HasSubstr("ANTHROPIC_AWS_WORKSPACE_ID"));
}

TEST(Provider, TheDirectApiNeedsAKey) {
  EXPECT_EQ(check(choose({})).error().kind, ErrorKind::kCredentials);
  const Provider direct = choose({{"ANTHROPIC_API_KEY", "k"}});
  EXPECT_TRUE(check(direct).has_value());
  EXPECT_EQ(direct.base_url, "https://api.anthropic.com");
  EXPECT_EQ(choose({{"ANTHROPIC_AUTH_TOKEN", "t"}}).auth, AuthMethod::kBearer);
}

TEST(Provider, TheSignHostComesFromVariableOrSetting) {
  EXPECT_EQ(choose(on_aws(), "from.setting").sign_host, "from.setting");
  EXPECT_EQ(choose(on_aws({{"AWL_AWS_SIGN_HOST", "from.env"}}), "from.setting").sign_host, "from.env");
}

TEST(Provider, AKeyThatNoHeaderCanCarryIsNamedByItsVariable) {
  const auto usable = [](const char* key) {
    return check(
        choose(on_aws({{"ANTHROPIC_AWS_WORKSPACE_ID", "wrkspc_1"}, {"ANTHROPIC_AWS_API_KEY", key}})));
  };
  EXPECT_TRUE(usable("sk-1").has_value());
  const auto broken = usable("sk-hush\nsecond");
  ASSERT_FALSE(broken.has_value());
  EXPECT_THAT(broken.error().message, HasSubstr("ANTHROPIC_AWS_API_KEY: it has a line break at character 8"));
  EXPECT_THAT(describe(broken.error()), ::testing::Not(HasSubstr("hush")));
}

}  // namespace
}  // namespace awl::anthropic
