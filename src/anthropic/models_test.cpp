#include "anthropic/models.h"

#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

std::string chosen(const ModelWishes& wishes,
                   std::map<std::string, std::string, std::less<>> environment = {},
                   Platform platform = Platform::kClaudePlatformOnAws, bool plan_mode = false) {
  return choose_model(wishes, Environment(std::move(environment)), platform, plan_mode).id;
}

TEST(Models, BuiltInAliases) {
  EXPECT_EQ(chosen({}), "claude-opus-5");
  EXPECT_EQ(chosen({.flag = "opus", .settings = {}}), "claude-opus-5");
  EXPECT_EQ(chosen({.flag = "sonnet", .settings = {}}), "claude-sonnet-4-6");
  EXPECT_EQ(chosen({.flag = "sonnet", .settings = {}}, {}, Platform::kAnthropicApi), "claude-sonnet-5");
  EXPECT_EQ(chosen({.flag = "fable", .settings = {}}), "claude-fable-5");
  EXPECT_EQ(chosen({.flag = "best", .settings = {}}), "claude-opus-5");
  EXPECT_EQ(chosen({.flag = "opusplan", .settings = {}}), "claude-sonnet-4-6");
  EXPECT_EQ(chosen({.flag = "opusplan", .settings = {}}, {}, Platform::kClaudePlatformOnAws, true),
            "claude-opus-5");
}

TEST(Models, Precedence) {
  const std::map<std::string, std::string, std::less<>> both{{"ANTHROPIC_MODEL", "env"},
                                                             {"ANTHROPIC_DEFAULT_MODEL", "fallback"}};
  EXPECT_EQ(chosen({.flag = "flag", .settings = "settings"}, both), "flag");
  EXPECT_EQ(chosen({.flag = {}, .settings = "settings"}, both), "env");
  EXPECT_EQ(chosen({.flag = {}, .settings = "settings"}, {{"ANTHROPIC_DEFAULT_MODEL", "fallback"}}),
            "settings");
  EXPECT_EQ(chosen({}, {{"ANTHROPIC_DEFAULT_MODEL", "fallback"}}), "fallback");
  EXPECT_EQ(chosen({}, {{"ANTHROPIC_DEFAULT_MODEL", "haiku"}}), "claude-opus-5") << "haiku is no default";
  EXPECT_EQ(chosen({.flag = "default", .settings = "settings"}, both), "fallback")
      << "`default` clears an override";
}

TEST(Models, PinsMoveTheirAliasAndTheDefault) {
  const std::map<std::string, std::string, std::less<>> pins{
      {"ANTHROPIC_DEFAULT_OPUS_MODEL", "claude-opus-4-6[1m]"}};
  const ModelChoice choice = choose_model({}, Environment(pins), Platform::kClaudePlatformOnAws, false);
  EXPECT_EQ(choice.id, "claude-opus-4-6");
  EXPECT_TRUE(choice.long_context);
  EXPECT_EQ(choice.pin, "ANTHROPIC_DEFAULT_OPUS_MODEL");
  EXPECT_EQ(model_pins(Environment(pins)).size(), 1U);
}

TEST(Models, APinnedIdThatIsNotKnownBelongsToItsAliasesFamily) {
  const Environment pinned({{"ANTHROPIC_DEFAULT_HAIKU_MODEL", "team-fast"}});
  const ModelChoice choice =
      choose_model({.flag = "haiku", .settings = {}}, pinned, Platform::kClaudePlatformOnAws, false);
  EXPECT_EQ(choice.id, "team-fast");
  EXPECT_EQ(choice.info.family, Family::kHaiku);
}

TEST(Models, TheSmallModelIsThePinElseItsOldNameElseHaiku) {
  const auto small = [](std::map<std::string, std::string, std::less<>> environment) {
    return choose_small_model(Environment(std::move(environment)), Platform::kClaudePlatformOnAws).id;
  };
  EXPECT_EQ(small({}), "claude-haiku-4-5-20251001");
  EXPECT_EQ(small({{"ANTHROPIC_SMALL_FAST_MODEL", "old-small"}}), "old-small");
  EXPECT_EQ(small({{"ANTHROPIC_SMALL_FAST_MODEL", "old-small"}, {"ANTHROPIC_DEFAULT_HAIKU_MODEL", "pinned"}}),
            "pinned");
  EXPECT_EQ(small({{"ANTHROPIC_MODEL", "claude-opus-5"}}), "claude-haiku-4-5-20251001");
}

TEST(Models, TheSuffixIsStrippedBeforeSending) {
  const ModelChoice choice = choose_model({.flag = "claude-sonnet-4-6[1m]", .settings = {}}, Environment(),
                                          Platform::kAnthropicApi, false);
  EXPECT_EQ(choice.id, "claude-sonnet-4-6");
  EXPECT_TRUE(choice.long_context);
}

TEST(Models, RowsMatchSnapshotsAndTheLongestId) {
  EXPECT_EQ(find_model("claude-haiku-4-5-20251001").family, Family::kHaiku);
  EXPECT_EQ(find_model("claude-opus-4-5-20251101").id, "claude-opus-4-5");
  EXPECT_EQ(find_model("claude-opus-4-20250514").id, "claude-opus-4");
  EXPECT_EQ(find_model("claude-opus-50").id, "");
  EXPECT_EQ(find_model("corp-gateway/claude-sonnet-x").family, Family::kSonnet);
  EXPECT_EQ(find_model("anything").family, Family::kUnknown);
}

}  // namespace
}  // namespace awl::anthropic
