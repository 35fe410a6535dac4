#include "anthropic/prefix_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

using ::testing::HasSubstr;

TEST(PrefixWatch, AConversationThatGrowsBeginsAsItDid) {
  PrefixWatch watch;
  Conversation conversation;
  conversation.add_user({text_block("one")});
  EXPECT_EQ(watch.check("{head", conversation), std::nullopt);
  conversation.add_assistant({text_block("two")});
  conversation.add_user({text_block("three")});
  EXPECT_EQ(watch.check("{head", conversation), std::nullopt);
}

TEST(PrefixWatch, TheFirstByteThatDiffersIsSaidWithWhatStoodThere) {
  PrefixWatch watch;
  Conversation before;
  before.add_user({text_block("one")});
  before.add_assistant({text_block("the weather is fine")});
  watch.check(R"({"tools":[{"name":"A"}])", before);
  Conversation now;
  now.add_user({text_block("one")});
  now.add_assistant({text_block("the weather was fine")});
  const auto message = watch.check(R"({"tools":[{"name":"A"}])", now);
  ASSERT_TRUE(message.has_value());
  EXPECT_THAT(*message, HasSubstr("message 2 of 2"));
  EXPECT_THAT(*message, HasSubstr("weather is"));
  EXPECT_THAT(*message, HasSubstr("weather was"));
  const auto head = watch.check(R"({"tools":[{"name":"B"}])", now);
  ASSERT_TRUE(head.has_value());
  EXPECT_THAT(*head, HasSubstr("from byte 19"));
}

TEST(PrefixWatch, AConversationThatIsShorterDiffersWhereItEnds) {
  PrefixWatch watch;
  Conversation before;
  before.add_user({text_block("one")});
  before.add_assistant({text_block("two")});
  watch.check("h", before);
  Conversation now;
  now.add_user({text_block("one")});
  EXPECT_THAT(watch.check("h", now).value_or(""), HasSubstr("message 2 of 2 differs from byte 0"));
}

}  // namespace
}  // namespace awl::anthropic
