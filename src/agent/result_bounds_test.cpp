#include "agent/result_bounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::agent {
namespace {

using ::testing::HasSubstr;

class ResultBounds : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = os::make_private_directory(std::filesystem::temp_directory_path(), "awl-bounds-").value();
    session.output_dir = folder / "tool-results";
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::string stored() const {
    const auto names = os::list_directory(session.output_dir);
    return names && names->size() == 1 ? os::read_file(session.output_dir / names->front()).value()
                                       : "(none)";
  }

  os::Path folder;
  tools::Session session;
};

TEST_F(ResultBounds, WhatFitsStaysAsItIs) {
  tools::ToolResult result{std::string(150'000, 'x'), {}, "{}", false};
  bound_result(result, "Some", session);
  EXPECT_EQ(result.text.size(), 150'000U);
  EXPECT_EQ(stored(), "(none)");
}

TEST_F(ResultBounds, ALongTextGoesToAFile) {
  const std::string text = "begin " + std::string(300'000, 'x');
  tools::ToolResult result{text, {}, "{}", true};
  bound_result(result, "Some", session);
  EXPECT_LT(result.text.size(), 3'000U);
  EXPECT_THAT(result.text, HasSubstr("begin xxx"));
  EXPECT_THAT(result.text, HasSubstr((session.output_dir / "Some-").string()));
  EXPECT_EQ(stored(), text);
  EXPECT_TRUE(result.is_error);
}

TEST_F(ResultBounds, WithoutAFileTheBeginningIsStillShown) {
  session.output_dir = "/proc/no/such/folder";
  tools::ToolResult result{std::string(300'000, 'x'), {}, "{}", false};
  bound_result(result, "Some", session);
  EXPECT_LT(result.text.size(), 3'000U);
  EXPECT_THAT(result.text, HasSubstr("could not be stored"));
}

TEST_F(ResultBounds, BlocksKeepTheirImages) {
  json::Value blocks = json::Value::array();
  blocks.push_back({{"type", "text"}, {"text", "short"}});
  blocks.push_back({{"type", "image"}, {"data", std::string(500'000, 'i')}});
  blocks.push_back({{"type", "text"}, {"text", std::string(300'000, 'x')}});
  tools::ToolResult result{{}, json::dump(blocks), "{}", false};
  bound_result(result, "mcp__a__b", session);
  const json::Value bounded = json::parse(result.content_json).value();
  EXPECT_EQ(bounded[0], blocks[0]);
  EXPECT_EQ(bounded[1], blocks[1]);
  EXPECT_LT(std::string(bounded[2]["text"]).size(), 3'000U);
}

TEST_F(ResultBounds, StructuredResultsHaveAnEnd) {
  tools::ToolResult result{"text", {}, json::quote(std::string(9 << 20, 'x')), false};
  bound_result(result, "Some", session);
  EXPECT_EQ(result.structured_json, R"("text")");
}

TEST_F(ResultBounds, AParagraphIsAppendedToTextAndToBlocks) {
  tools::ToolResult text{"a", {}, "", false};
  append_text(text, "b");
  EXPECT_EQ(text.text, "a\n\nb");
  tools::ToolResult blocks{"a", R"([{"type":"image"}])", "", false};
  append_text(blocks, "b");
  EXPECT_EQ(blocks.content_json, R"([{"type":"image"},{"type":"text","text":"b"}])");
}

}  // namespace
}  // namespace awl::agent
