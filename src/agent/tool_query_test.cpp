#include "agent/tool_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr ToolEntry kTools[] = {
    {"NotebookEdit", "Changes one cell of a Jupyter notebook."},
    {"WebFetch", "Fetches a page and answers a question about it."},
    {"WebSearch", "Searches the web."},
    {"mcp__slack__send_message", "Sends a message to a channel."},
    {"mcp__slack__listChannels", "Lists channels."},
    {"mcp__mail__send_message", "Sends a mail message; attaches files."},
};

std::vector<std::string> found(std::string_view text, size_t limit = 5) {
  std::vector<std::string> names;
  for (const size_t place : rank_tools(parse_tool_query(text), kTools, limit))
    names.emplace_back(kTools[place].name);
  return names;
}

TEST(ToolQuery, SelectNamesTools) {
  EXPECT_THAT(parse_tool_query("select:Read, mcp__a__B ,,").names, ElementsAre("Read", "mcp__a__B"));
  EXPECT_THAT(parse_tool_query(" Select:Edit").names, ElementsAre("Edit"));
  EXPECT_THAT(parse_tool_query("select:").names, IsEmpty());
}

TEST(ToolQuery, WordsOfNamesCountMoreThanThoseOfDescriptions) {
  EXPECT_THAT(found("notebook"), ElementsAre("NotebookEdit"));
  EXPECT_THAT(found("web"), ElementsAre("WebSearch", "WebFetch"));
  EXPECT_THAT(found("send message"), ElementsAre("mcp__slack__send_message", "mcp__mail__send_message"));
  EXPECT_THAT(found("channel"), ElementsAre("mcp__slack__listChannels", "mcp__slack__send_message"));
  EXPECT_THAT(found("attaches"), ElementsAre("mcp__mail__send_message"));
  EXPECT_THAT(found("age"), ElementsAre("mcp__slack__send_message", "mcp__mail__send_message"))
      << "a part of a name is found, the middle of a word in a description is not";
}

TEST(ToolQuery, RequiredWordsMustBeInTheName) {
  EXPECT_THAT(found("+slack send"), ElementsAre("mcp__slack__send_message", "mcp__slack__listChannels"));
  EXPECT_THAT(found("+mail"), ElementsAre("mcp__mail__send_message"));
  EXPECT_THAT(found("+attaches"), IsEmpty());
}

TEST(ToolQuery, ANameOrAServerAloneIsFound) {
  EXPECT_THAT(found("webfetch"), ElementsAre("WebFetch"));
  EXPECT_THAT(found("mcp__slack"), ElementsAre("mcp__slack__send_message", "mcp__slack__listChannels"));
}

TEST(ToolQuery, TheNumberIsBounded) {
  EXPECT_THAT(found("mcp", 2), ElementsAre("mcp__slack__send_message", "mcp__slack__listChannels"));
  EXPECT_THAT(found("nothing like it"), IsEmpty());
  EXPECT_THAT(found(""), IsEmpty());
  EXPECT_EQ(parse_tool_query(std::string(1000, ' ') +
                             [] {
                               std::string many;
                               for (int i = 0; i < 1000; ++i) many += "w" + std::to_string(i) + " ";
                               return many;
                             }())
                .words.size(),
            32U);
}

}  // namespace
}  // namespace awl::agent
