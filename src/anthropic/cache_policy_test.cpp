#include "anthropic/cache_policy.h"

#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

CachePolicy policy(std::map<std::string, std::string, std::less<>> environment,
                   Family family = Family::kOpus) {
  return choose_cache_policy(Environment(std::move(environment)), family);
}

TEST(CachePolicy, FiveMinutesUnlessAsked) {
  EXPECT_EQ(policy({}).marker(), R"("cache_control":{"type":"ephemeral"})");
  EXPECT_EQ(policy({{"ENABLE_PROMPT_CACHING_1H", "1"}}).marker(),
            R"("cache_control":{"type":"ephemeral","ttl":"1h"})");
  EXPECT_EQ(policy({{"ENABLE_PROMPT_CACHING_1H", "1"}, {"FORCE_PROMPT_CACHING_5M", "1"}}).ttl,
            CacheTtl::kFiveMinutes);
}

TEST(CachePolicy, OffForAllOrOneFamily) {
  EXPECT_EQ(policy({{"DISABLE_PROMPT_CACHING", "1"}, {"ENABLE_PROMPT_CACHING_1H", "1"}}).marker(), "");
  EXPECT_FALSE(policy({{"DISABLE_PROMPT_CACHING_OPUS", "true"}}).enabled);
  EXPECT_TRUE(policy({{"DISABLE_PROMPT_CACHING_OPUS", "true"}}, Family::kHaiku).enabled);
}

}  // namespace
}  // namespace awl::anthropic
