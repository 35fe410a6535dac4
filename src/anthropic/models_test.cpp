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
    return choose_small_model({}, Environment(std::move(environment)), Platform::kClaudePlatformOnAws).id;
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
  EXPECT_EQ(find_model("claude-opus-4-0").id, "claude-opus-4");
  EXPECT_EQ(find_model("claude-opus-4-9").id, "") << "another version, which the table does not know";
  EXPECT_EQ(find_model("claude-opus-4-9").family, Family::kOpus);
  EXPECT_EQ(find_model("anthropic/claude-opus-4-8").id, "claude-opus-4-8");
  EXPECT_EQ(find_model("us.anthropic.claude-opus-4-6-v1:0").id, "claude-opus-4-6");
  EXPECT_EQ(find_model("unknown").family, Family::kUnknown);
  EXPECT_EQ(find_model("corp-gateway/claude-sonnet-x").family, Family::kSonnet);
  EXPECT_EQ(find_model("anything").family, Family::kUnknown);
}

ModelList offered() {
  return {{.id = "claude-opus-6",
           .created_at = "2027-02-01T00:00:00Z",
           .max_input_tokens = 2'000'000,
           .max_output_tokens = 256'000,
           .has_capabilities = true,
           .effort = true,
           .effort_max = true,
           .thinking_adaptive = true},
          {.id = "claude-opus-7-preview", .created_at = "2026-01-01T00:00:00Z"},
          {.id = "claude-sonnet-5", .created_at = "2026-06-30T00:00:00Z"},
          {.id = "opus-of-somebody", .created_at = "2028-01-01T00:00:00Z"}};
}

ModelChoice follow(const char* alias, std::map<std::string, std::string, std::less<>> environment = {}) {
  return choose_model({.flag = alias, .settings = {}}, Environment(std::move(environment)),
                      Platform::kClaudePlatformOnAws, false, offered());
}

TEST(Models, AliasesWithoutAPinFollowTheListOfThePlatform) {
  EXPECT_EQ(follow("opus").id, "claude-opus-6");
  EXPECT_EQ(follow("opus").resolved_by, "model list");
  EXPECT_EQ(follow("sonnet").id, "claude-sonnet-5");
  EXPECT_EQ(follow("haiku").id, "claude-haiku-4-5-20251001");
  EXPECT_EQ(follow("haiku").resolved_by, "built-in table");
  EXPECT_EQ(follow("opus", {{"ANTHROPIC_DEFAULT_OPUS_MODEL", "pinned"}}).id, "pinned");
  EXPECT_EQ(follow("claude-opus-4-8").resolved_by, "");
  EXPECT_EQ(follow("best").id, "claude-opus-6") << "no Fable is offered";
}

TEST(Models, AModelNewerThanTheTableIsWhatThePlatformSaysOfIt) {
  const ModelChoice choice = follow("opus");
  EXPECT_EQ(choice.context_window, 2'000'000);
  EXPECT_EQ(choice.info.max_output_limit, 256'000);
  EXPECT_EQ(choice.info.effort, (EffortLevels{.supported = true, .xhigh = false, .max = true}));
  EXPECT_EQ(choice.info.default_effort, "high");
  EXPECT_FALSE(choice.info.is_known());
}

TEST(Models, DeclaredCapabilitiesOfAPinReplaceWhatIsKnown) {
  const auto pinned = [](const char* capabilities, const char* id = "team-model") {
    return choose_model({.flag = "opus", .settings = {}},
                        Environment({{"ANTHROPIC_DEFAULT_OPUS_MODEL", id},
                                     {"ANTHROPIC_DEFAULT_OPUS_MODEL_SUPPORTED_CAPABILITIES", capabilities}}),
                        Platform::kClaudePlatformOnAws, false)
        .info;
  };
  EXPECT_EQ(pinned("effort, max_effort,thinking").effort,
            (EffortLevels{.supported = true, .xhigh = false, .max = true}));
  EXPECT_EQ(pinned("effort,thinking").thinking, Thinking::kBudget);
  EXPECT_EQ(pinned("adaptive_thinking,interleaved_thinking").thinking, Thinking::kAdaptive);
  EXPECT_TRUE(pinned("adaptive_thinking,interleaved_thinking").interleaved);
  EXPECT_FALSE(pinned("effort").interleaved);
  EXPECT_EQ(pinned("thinking", "claude-opus-5").effort, EffortLevels{}) << "what is not listed it cannot";
  EXPECT_EQ(pinned("effort", "claude-fable-5").thinking, Thinking::kNone);
  EXPECT_FALSE(pinned("effort", "claude-fable-5").always_thinks);
  EXPECT_EQ(pinned("", "claude-opus-5").thinking, Thinking::kAdaptive);
}

int64_t window(const char* id, std::map<std::string, std::string, std::less<>> environment = {}) {
  return choose_model({.flag = id, .settings = {}}, Environment(std::move(environment)),
                      Platform::kClaudePlatformOnAws, false)
      .context_window;
}

TEST(Models, Windows) {
  EXPECT_EQ(window("claude-opus-5"), 1'000'000);
  EXPECT_EQ(window("claude-sonnet-4-6"), 200'000);
  EXPECT_EQ(window("claude-sonnet-4-6[1m]"), 1'000'000);
  EXPECT_EQ(window("claude-haiku-4-5"), 200'000);
  EXPECT_EQ(window("team-model"), 200'000);
  EXPECT_EQ(window("team-model[1M]"), 1'000'000);
  EXPECT_EQ(window("claude-opus-5", {{"CLAUDE_CODE_DISABLE_1M_CONTEXT", "1"}}), 200'000);
  EXPECT_EQ(window("claude-sonnet-4-6[1m]", {{"CLAUDE_CODE_DISABLE_1M_CONTEXT", "1"}}), 200'000);
}

TEST(Models, ADeclaredWindowIsForIdsThatAreNotClaudes) {
  const std::map<std::string, std::string, std::less<>> declared{{"CLAUDE_CODE_MAX_CONTEXT_TOKENS", "64000"}};
  auto held = declared;
  held.emplace("CLAUDE_CODE_DISABLE_1M_CONTEXT", "1");
  auto uncompacted = declared;
  uncompacted.emplace("DISABLE_COMPACT", "1");
  EXPECT_EQ(window("team-model", declared), 64'000);
  EXPECT_EQ(window("team-model[1m]", declared), 1'000'000);
  EXPECT_EQ(window("team-model[1m]", held), 64'000);
  EXPECT_EQ(window("claude-opus-5", declared), 1'000'000);
  EXPECT_EQ(window("claude-new", declared), 200'000);
  EXPECT_EQ(window("claude-opus-5", uncompacted), 64'000);
  EXPECT_EQ(window("team-model", {{"CLAUDE_CODE_MAX_CONTEXT_TOKENS", "-3"}}), 200'000);
}

TEST(Models, AWindowThatIsOnlyAssumedIsNotSure) {
  const auto sure = [](const char* id, std::map<std::string, std::string, std::less<>> environment = {}) {
    return choose_model({.flag = id, .settings = {}}, Environment(std::move(environment)),
                        Platform::kClaudePlatformOnAws, false)
        .window_is_sure;
  };
  EXPECT_TRUE(sure("claude-opus-5"));
  EXPECT_FALSE(sure("team-model"));
  EXPECT_FALSE(sure("claude-new"));
  EXPECT_TRUE(sure("team-model", {{"CLAUDE_CODE_MAX_CONTEXT_TOKENS", "64000"}}));
  EXPECT_TRUE(follow("opus").window_is_sure) << "the platform says it";
}

TEST(Models, AMistypedIdHasNeighbours) {
  EXPECT_EQ(nearest_models("claude-opus-4.6", {}).at(0), "claude-opus-4-6");
  EXPECT_EQ(nearest_models("claude-sonet-5", offered()).at(0), "claude-sonnet-5");
  EXPECT_TRUE(nearest_models("something-else-altogether", {}).empty());
  EXPECT_TRUE(nearest_models(std::string(100'000, 'x'), {}).empty());
  EXPECT_LE(nearest_models("claude-opus-4-", {}).size(), 3U);
}

}  // namespace
}  // namespace awl::anthropic
