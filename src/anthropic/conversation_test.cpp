#include "anthropic/conversation.h"

#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

std::string body_of(const Conversation& conversation, std::string_view marker = {}) {
  std::string body;
  conversation.append_to(body, marker);
  return body;
}

TEST(Conversation, AppendsWithoutTouchingEarlierBytes) {
  Conversation conversation;
  conversation.add_user({text_block("hi \"you\"")});
  const std::string first = body_of(conversation);
  EXPECT_EQ(first, R"([{"role":"user","content":[{"type":"text","text":"hi \"you\""}]}])");
  conversation.add_assistant({text_block("a"), R"({"type":"tool_use","id":"t","name":"Bash","input":{}})"});
  conversation.add_user({R"({"type":"tool_result","tool_use_id":"t","content":"x"})"});
  const std::string second = body_of(conversation);
  EXPECT_EQ(second.substr(0, first.size() - 1), first.substr(0, first.size() - 1));
  EXPECT_EQ(second.size(), conversation.size_bytes() + 1);
}

TEST(Conversation, MarksTheLastMessageAndTheUserMessageBefore) {
  Conversation conversation;
  const std::string block = R"({"type":"text","text":"x"})";
  const std::string marked = R"({"type":"text","text":"x",M})";
  conversation.add_user({block});
  EXPECT_EQ(body_of(conversation, "M"), R"([{"role":"user","content":[)" + marked + "]}]");
  conversation.add_assistant({block});
  conversation.add_user({block, block});
  EXPECT_EQ(body_of(conversation, "M"),
            R"([{"role":"user","content":[)" + marked + R"(]},{"role":"assistant","content":[)" + block +
                R"(]},{"role":"user","content":[)" + block + "," + marked + "]}]");
  conversation.add_assistant({block});
  conversation.add_user({block});
  EXPECT_TRUE(body_of(conversation, "M").starts_with(R"([{"role":"user","content":[)" + block + "]}"));
}

}  // namespace
}  // namespace awl::anthropic
