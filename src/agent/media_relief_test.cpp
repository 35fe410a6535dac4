#include "agent/media_relief.h"

#include <gmock/gmock.h>

#include <fmt/format.h>

namespace awl::agent {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string picture(std::string_view data) {
  return fmt::format(
      R"({{"type":"image","source":{{"type":"base64","media_type":"image/png","data":"{}"}}}})", data);
}

std::string result_with(std::string_view block) {
  return fmt::format(
      R"({{"type":"tool_result","tool_use_id":"t","content":[{{"type":"text","text":"kept"}},{}]}})", block);
}

std::string body(const anthropic::Conversation& conversation) {
  std::string out;
  conversation.append_to(out, "");
  return out;
}

anthropic::CallError refused(int status, std::string message) {
  anthropic::CallError error;
  error.status = status;
  error.error.message = std::move(message);
  return error;
}

TEST(MediaRelief, TheRefusedBlockIsReplacedAndTheRestKept) {
  anthropic::Conversation conversation;
  conversation.add_user({anthropic::text_block("look"), picture("GOOD")});
  conversation.add_assistant({anthropic::text_block("seen")});
  conversation.add_user({picture("ALSO-GOOD"), result_with(picture("BAD"))});
  EXPECT_EQ(conversation.image_count(), 3U);
  const std::string before = body(conversation);

  MediaRelief relief(conversation);
  const auto notice = relief.after_refusal(refused(
      400,
      "API error 400: messages.2.content.1.tool_result.content.1.image.source.base64: image exceeds 5 MB"));
  ASSERT_TRUE(notice);
  EXPECT_THAT(*notice, HasSubstr("image exceeds 5 MB"));
  const std::string after = body(conversation);
  EXPECT_THAT(after, Not(HasSubstr("BAD")));
  EXPECT_THAT(after, HasSubstr("ALSO-GOOD"));
  EXPECT_THAT(after, HasSubstr(R"({"type":"text","text":"kept"})"));
  EXPECT_EQ(conversation.image_count(), 2U);
  EXPECT_EQ(conversation.size_bytes(), after.size() - 1);
  const std::string accepted = before.substr(0, before.find(R"({"role":"user","content":[{"type":"image")"));
  EXPECT_THAT(after, StartsWith(accepted)) << "what the platform has cached is the same bytes";
}

TEST(MediaRelief, WithoutAPlaceTheNewestMessageLosesItsMedia) {
  anthropic::Conversation conversation;
  conversation.add_user({picture("OLD")});
  conversation.add_user({picture("NEW"), R"({"type":"document","source":{"data":"PDF"}})"});
  MediaRelief relief(conversation);
  EXPECT_TRUE(relief.after_refusal(refused(400, "Could not process image")));
  EXPECT_THAT(body(conversation),
              testing::AllOf(HasSubstr("OLD"), Not(HasSubstr("NEW")), Not(HasSubstr(R"("PDF")"))));
  EXPECT_TRUE(relief.after_refusal(refused(413, "Request too large")));
  EXPECT_FALSE(relief.after_refusal(refused(413, "Request too large"))) << "nothing is left";
}

TEST(MediaRelief, OtherRefusalsAreNotItsBusiness) {
  anthropic::Conversation conversation;
  conversation.add_user({picture("X")});
  MediaRelief relief(conversation);
  EXPECT_FALSE(relief.after_refusal(refused(400, "prompt is too long")));
  EXPECT_FALSE(relief.after_refusal(refused(500, "image service is down")));
  EXPECT_EQ(conversation.image_count(), 1U);
}

TEST(MediaRelief, TheOldestLeaveWhenTheRequestIsTooLarge) {
  anthropic::Conversation conversation;
  const std::string data(4 << 20, 'A');
  for (int i = 0; i < 8; ++i)
    conversation.add_user({anthropic::text_block(fmt::format("text {}", i)), picture(data)});
  MediaRelief relief(conversation);
  const auto notice = relief.make_room(100);
  ASSERT_TRUE(notice);
  ASSERT_TRUE(*notice);
  EXPECT_THAT(**notice, HasSubstr("32.0 MB"));
  EXPECT_EQ(conversation.image_count(), 5U);
  EXPECT_EQ(conversation.media().front().message, 3U);
  EXPECT_EQ(conversation.size_bytes(), body(conversation).size() - 1);
  EXPECT_FALSE(*relief.make_room(100)) << "now it fits";
}

TEST(MediaRelief, TheOldestLeaveWhenThereAreTooMany) {
  anthropic::Conversation conversation;
  for (int i = 0; i < 11; ++i) conversation.add_user({picture(fmt::format("{}", i))});
  MediaRelief relief(conversation);
  EXPECT_THAT(relief.make_room(10)->value_or(""), HasSubstr("more than 10 images"));
  EXPECT_EQ(conversation.image_count(), 5U);
  EXPECT_EQ(conversation.media().back().message, 10U);
}

TEST(MediaRelief, WhatWasJustSentStaysAsFarAsItFits) {
  anthropic::Conversation many;
  many.add_user({picture("OLD")});
  std::vector<std::string> sent;
  for (int i = 0; i < 10; ++i) sent.push_back(picture(fmt::format("NEW{}", i)));
  many.add_user(sent);
  EXPECT_TRUE(*MediaRelief(many).make_room(10));
  EXPECT_EQ(many.image_count(), 10U) << "the old one is enough";
  EXPECT_THAT(body(many), testing::AllOf(Not(HasSubstr("OLD")), HasSubstr("NEW0")));

  anthropic::Conversation large;
  const std::string data(13 << 19, 'A');
  large.add_user(std::vector<std::string>(5, picture(data)));
  EXPECT_TRUE(*MediaRelief(large).make_room(100));
  EXPECT_EQ(large.image_count(), 4U) << "26 MB are less than what a request may have";
}

TEST(MediaRelief, TextAloneCannotBeRelieved) {
  anthropic::Conversation conversation;
  conversation.add_user({anthropic::text_block(std::string(33 << 20, 'x'))});
  MediaRelief relief(conversation);
  const auto made = relief.make_room(100);
  ASSERT_FALSE(made);
  EXPECT_THAT(describe(made.error()), HasSubstr("Start a new session"));
}

TEST(MediaRelief, DataIsNotCountedAsText) {
  const auto base64 = [](std::string_view type, size_t size) {
    return fmt::format(R"({{"type":"{}","source":{{"data":"{}","type":"base64"}}}})", type,
                       std::string(size, 'A'));
  };
  EXPECT_LT(anthropic::count_block_bytes(base64("image", 3'000'000)), 6'000U);
  EXPECT_LT(anthropic::count_block_bytes(result_with(base64("image", 3'000'000))), 6'000U);
  EXPECT_EQ(anthropic::count_block_bytes(base64("image", 8)), base64("image", 8).size());
  const size_t document = anthropic::count_block_bytes(base64("document", 800'000));
  EXPECT_TRUE(document > 100'000 && document < 101'000) << document;
  const std::string words = anthropic::text_block(base64("image", 100'000));
  EXPECT_EQ(anthropic::count_block_bytes(words), words.size());

  anthropic::Conversation conversation;
  conversation.add_user({base64("image", 3'000'000)});
  conversation.add_assistant({anthropic::text_block("seen")});
  EXPECT_GT(conversation.size_bytes(), 3'000'000U);
  const size_t counted = conversation.counted_bytes();
  EXPECT_LT(counted, 6'000U);
  conversation.add_user({anthropic::text_block("more")});
  EXPECT_GT(conversation.counted_bytes(), counted);
  conversation.drop_last();
  EXPECT_EQ(conversation.counted_bytes(), counted);
  conversation.replace_media(conversation.media().front(), "gone");
  EXPECT_LT(conversation.counted_bytes(), 200U);
}

TEST(MediaRelief, WordsThatLookLikeAnImageAreNone) {
  EXPECT_EQ(anthropic::count_images(anthropic::text_block(R"({"type":"image"})")), 0U);
}

}  // namespace
}  // namespace awl::agent
