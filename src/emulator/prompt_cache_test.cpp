#include "emulator/prompt_cache.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "emulator/test_support.h"
#include "emulator/token_estimate.h"

namespace awl::emulator {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::kNow;

constexpr const char* kMark = R"({"type":"ephemeral"})";
constexpr const char* kHourMark = R"({"type":"ephemeral","ttl":"1h"})";

/// A text block of so many tokens; what it says depends on `name`.
json::Value text(const std::string& name, size_t tokens, const char* mark = nullptr) {
  json::Value block = {{"type", "text"}, {"text", name + std::string(tokens * 4 - name.size(), '.')}};
  if (mark != nullptr) block["cache_control"] = *json::parse(mark);
  return block;
}

json::Value ask(std::vector<json::Value> system, std::vector<json::Value> user) {
  json::Value request = {{"model", "claude-sonnet-4-6"}, {"max_tokens", 10}};
  request["system"] = std::move(system);
  request["messages"] = {{{"role", "user"}, {"content", std::move(user)}}};
  return request;
}

class PromptCacheTest : public ::testing::Test {
 protected:
  /// Looks up and commits, as a request that is answered does.
  Usage send(const json::Value& request, TimePoint now = kNow, const std::string& workspace = "w") {
    const CachePlan plan = cache_.look_up(workspace, request, now);
    cache_.commit(plan);
    const Usage& usage = plan.usage;
    EXPECT_EQ(usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens,
              estimate_input_tokens(request));
    return usage;
  }
  PromptCache cache_;
};

TEST_F(PromptCacheTest, WithoutMarkersNothingIsCached) {
  const json::Value request = ask({text("s", 3000)}, {text("u", 100)});
  for (int i = 0; i < 2; ++i) {
    const Usage usage = send(request);
    EXPECT_EQ(usage.input_tokens, estimate_input_tokens(request));
    EXPECT_EQ(usage.cache_creation_input_tokens + usage.cache_read_input_tokens, 0);
  }
  EXPECT_EQ(cache_.size(), 0U);
}

TEST_F(PromptCacheTest, WritesThenReadsThePrefix) {
  const Usage first = send(ask({text("s", 3000, kMark)}, {text("one", 100)}));
  EXPECT_GE(first.cache_creation_input_tokens, 3000);
  EXPECT_EQ(first.cache_read_input_tokens, 0);
  const Usage second = send(ask({text("s", 3000, kMark)}, {text("two", 100)}));
  EXPECT_EQ(second.cache_read_input_tokens, first.cache_creation_input_tokens);
  EXPECT_EQ(second.cache_creation_input_tokens, 0);
  EXPECT_EQ(second.input_tokens, first.input_tokens);
}

TEST_F(PromptCacheTest, AnyChangeBeforeTheMarkerMisses) {
  send(ask({text("s", 3000, kMark)}, {text("u", 100)}));
  EXPECT_EQ(send(ask({text("S", 3000, kMark)}, {text("u", 100)})).cache_read_input_tokens, 0);
  json::Value with_tool = ask({text("s", 3000, kMark)}, {text("u", 100)});
  with_tool["tools"] = {{{"name", "A"}, {"input_schema", {{"type", "object"}}}}};
  EXPECT_EQ(send(with_tool).cache_read_input_tokens, 0);
  json::Value other_model = ask({text("s", 3000, kMark)}, {text("u", 100)});
  other_model["model"] = "claude-sonnet-4-5";
  EXPECT_EQ(send(other_model).cache_read_input_tokens, 0);
  EXPECT_EQ(send(ask({text("s", 3000, kMark)}, {text("u", 100)}), kNow, "other").cache_read_input_tokens, 0);
}

TEST_F(PromptCacheTest, SettingsOfTheMessagesKeepToolsAndSystem) {
  json::Value request = ask({text("s", 3000, kMark)}, {text("u", 2000, kMark)});
  const Usage first = send(request);
  request["output_config"] = {{"effort", "low"}};
  const Usage second = send(request);
  EXPECT_GE(second.cache_read_input_tokens, 3000);
  EXPECT_GE(second.cache_creation_input_tokens, 2000);
  EXPECT_LT(second.cache_read_input_tokens, first.cache_creation_input_tokens);
  request["output_config"] = {{"effort", "high"}};  // the default
  EXPECT_EQ(send(request).cache_creation_input_tokens, 0);
}

TEST_F(PromptCacheTest, ShortPrefixesAreNotCached) {
  const Usage usage = send(ask({text("s", 900, kMark)}, {text("u", 10)}));
  EXPECT_EQ(usage.cache_creation_input_tokens, 0);
  json::Value haiku = ask({text("s", 3000, kMark)}, {text("u", 10)});
  haiku["model"] = "claude-haiku-4-5";
  EXPECT_EQ(send(haiku).cache_creation_input_tokens, 0);
  haiku["model"] = "claude-opus-5";
  EXPECT_GE(send(haiku).cache_creation_input_tokens, 3000);
}

TEST_F(PromptCacheTest, EntriesLiveForTheirTimeAfterTheLastUse) {
  const json::Value request = ask({text("s", 3000, kMark)}, {text("u", 10)});
  send(request);
  EXPECT_GT(send(request, kNow + minutes(4)).cache_read_input_tokens, 0);
  EXPECT_GT(send(request, kNow + minutes(8)).cache_read_input_tokens, 0);
  EXPECT_EQ(send(request, kNow + minutes(13)).cache_read_input_tokens, 0);
  const json::Value hour = ask({text("h", 3000, kHourMark)}, {text("u", 10)});
  EXPECT_GT(send(hour).cache_creation_1h_tokens, 0);
  EXPECT_GT(send(hour, kNow + minutes(59)).cache_read_input_tokens, 0);
  EXPECT_EQ(send(hour, kNow + minutes(119)).cache_read_input_tokens, 0);
}

TEST_F(PromptCacheTest, MixedLifetimesAreCountedByPosition) {
  const json::Value request = ask({text("s", 3000, kHourMark)}, {text("u", 2000, kMark), text("rest", 50)});
  const Usage first = send(request);
  EXPECT_GE(first.cache_creation_1h_tokens, 3000);
  EXPECT_LT(first.cache_creation_1h_tokens, 3100);
  EXPECT_GE(first.cache_creation_input_tokens - first.cache_creation_1h_tokens, 2000);
  const Usage later = send(request, kNow + minutes(6));
  EXPECT_EQ(later.cache_read_input_tokens, first.cache_creation_1h_tokens);
  EXPECT_EQ(later.cache_creation_1h_tokens, 0);
  EXPECT_GE(later.cache_creation_input_tokens, 2000);
}

TEST_F(PromptCacheTest, LooksBackTwentyBlocksFromEachMarker) {
  const auto conversation = [](size_t blocks, std::vector<size_t> marked) {
    std::vector<json::Value> content;
    for (size_t i = 1; i <= blocks; ++i) content.push_back(text("b" + std::to_string(i), 300));
    for (const size_t i : marked) content[i - 1]["cache_control"] = *json::parse(kMark);
    return ask({text("s", 10)}, content);
  };
  send(conversation(10, {10}));
  const Usage second = send(conversation(15, {15}));
  EXPECT_GT(second.cache_read_input_tokens, 3000);
  EXPECT_LT(second.cache_read_input_tokens, 3300);
  EXPECT_EQ(send(conversation(35, {35})).cache_read_input_tokens, 0);
  cache_.clear();
  send(conversation(15, {15}));
  EXPECT_GT(send(conversation(35, {15, 35})).cache_read_input_tokens, 4500);
  cache_.clear();
  send(conversation(15, {15}));
  EXPECT_GT(send(conversation(34, {34})).cache_read_input_tokens, 4500);
}

TEST_F(PromptCacheTest, TheRequestsOwnMarkerMovesForward) {
  json::Value first = ask({text("s", 3000)}, {text("one", 100)});
  first["cache_control"] = *json::parse(kMark);
  const Usage written = send(first);
  EXPECT_EQ(written.input_tokens, kTurnTokens);
  json::Value second = first;
  second["messages"].push_back({{"role", "assistant"}, {"content", "fine"}});
  second["messages"].push_back({{"role", "user"}, {"content", "two"}});
  EXPECT_EQ(send(second).cache_read_input_tokens, written.cache_creation_input_tokens);
}

TEST_F(PromptCacheTest, MarkersAndSpellingDoNotChangeWhatIsCompared) {
  json::Value plain = ask({text("s", 3000, kMark)}, {});
  plain["messages"] = *json::parse(R"([{"role":"user","content":"hello"}])");
  plain["cache_control"] = *json::parse(kMark);
  const Usage written = send(plain);
  json::Value marked = plain;
  marked.erase("cache_control");
  marked["messages"] = *json::parse(
      R"([{"role":"user","content":[{"type":"text","text":"hello","cache_control":{"type":"ephemeral"}}]}])");
  EXPECT_GE(cache_.look_up("w", marked, kNow).usage.cache_read_input_tokens,
            written.cache_creation_input_tokens);
}

TEST_F(PromptCacheTest, NothingIsWrittenBeforeCommit) {
  const json::Value request = ask({text("s", 3000, kMark)}, {text("u", 10)});
  const CachePlan plan = cache_.look_up("w", request, kNow);
  EXPECT_EQ(cache_.look_up("w", request, kNow).usage.cache_read_input_tokens, 0);
  cache_.commit(plan);
  EXPECT_GT(cache_.look_up("w", request, kNow).usage.cache_read_input_tokens, 0);
}

TEST(PromptCacheBound, TheOldestGoFirst) {
  PromptCache cache(100);
  for (int i = 0; i < 1000; ++i) {
    const json::Value request = ask({text("s" + std::to_string(i), 1500, kMark)}, {text("u", 10)});
    cache.commit(cache.look_up("w", request, kNow + seconds(i % 200)));
    EXPECT_LE(cache.size(), 100U);
  }
  const json::Value last = ask({text("s999", 1500, kMark)}, {text("u", 10)});
  EXPECT_GT(cache.look_up("w", last, kNow + seconds(199)).usage.cache_read_input_tokens, 0);
}

TEST(TokenEstimate, AnImageCountsAsOne) {
  json::Value image = {
      {"type", "image"},
      {"source", {{"type", "base64"}, {"media_type", "image/png"}, {"data", std::string(900'000, 'A')}}}};
  EXPECT_LT(estimate_block_tokens(image), 2000);
  EXPECT_GT(estimate_block_tokens(image), 1500);
}

}  // namespace
}  // namespace awl::emulator
