#include "aws/event_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"

namespace awl::aws {
namespace {

using ::testing::HasSubstr;

std::string from_hex_text(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
  return bytes;
}

// Source: botocore, tests/unit/test_eventstream.py: EMPTY_MESSAGE and PAYLOAD_ONE_STR_HEADER.
const std::string kEmptyMessage = from_hex_text("000000100000000005c248eb7d98c8ff");
const std::string kOneTextHeader = from_hex_text(
    "0000003d00000020"
    "07fd8396"
    "0c"
    "636f6e74656e742d74797065"
    "07"
    "0010"
    "6170706c69636174696f6e2f6a736f6e"
    "7b27666f6f273a27626172277d"
    "8d9c08b1");

TEST(EventStream, MessagesAsAwsEncodesThem) {
  EventStreamDecoder decoder;
  const auto messages = decoder.feed(kEmptyMessage + kOneTextHeader);
  ASSERT_TRUE(messages) << describe(messages.error());
  ASSERT_EQ(messages->size(), 2U);
  EXPECT_TRUE((*messages)[0].headers.empty());
  EXPECT_EQ((*messages)[0].payload, "");
  EXPECT_EQ((*messages)[1].header("content-type"), "application/json");
  EXPECT_EQ((*messages)[1].payload, "{'foo':'bar'}");
  EXPECT_TRUE(decoder.at_boundary());
}

TEST(EventStream, SplitAnywhere) {
  const std::string whole = kOneTextHeader + kEmptyMessage + kOneTextHeader;
  for (size_t cut = 0; cut <= whole.size(); ++cut) {
    EventStreamDecoder decoder;
    auto first = decoder.feed(std::string_view(whole).substr(0, cut));
    auto second = decoder.feed(std::string_view(whole).substr(cut));
    ASSERT_TRUE(first && second) << cut;
    EXPECT_EQ(first->size() + second->size(), 3U) << cut;
  }
}

TEST(EventStream, EveryByteIsCovered) {
  for (size_t at = 0; at < kOneTextHeader.size(); ++at) {
    std::string changed = kOneTextHeader;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    EventStreamDecoder decoder;
    const auto messages = decoder.feed(changed);
    ASSERT_FALSE(messages) << at;
    EXPECT_THAT(messages.error().message, HasSubstr("checksum")) << at;
  }
}

TEST(EventStream, WhatIsCutOffIsNoMessage) {
  EventStreamDecoder decoder;
  const auto messages = decoder.feed(kOneTextHeader.substr(0, kOneTextHeader.size() - 1));
  ASSERT_TRUE(messages);
  EXPECT_TRUE(messages->empty());
  EXPECT_FALSE(decoder.at_boundary());
}

}  // namespace
}  // namespace awl::aws
