#include "agent/tool_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "agent/tool_set.h"
#include "tools/session.h"

namespace awl::agent {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class NamedTool final : public tools::Tool {
 public:
  NamedTool(std::string name, bool deferred, std::string description = "Does things.")
      : spec_{std::move(name), std::move(description), R"({"type":"object","properties":{}})", deferred} {}
  const tools::ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return true; }
  Result<tools::Access> access(const json::Value& /*input*/,
                               const tools::Session& /*session*/) const override {
    return tools::Access{};
  }
  Task<tools::ToolResult> run(const json::Value& /*input*/, const tools::Access& /*access*/,
                              const std::string& /*tool_use_id*/, tools::Session& /*session*/) override {
    co_return tools::ToolResult{};
  }

 private:
  tools::ToolSpec spec_;
};

class ToolSearchTest : public ::testing::Test {
 protected:
  ToolSearchTest() { selection.search.mode = ToolSearchPolicy::Mode::kOn; }

  std::unique_ptr<ToolSet> make() {
    std::vector<std::unique_ptr<tools::Tool>> all;
    all.push_back(std::make_unique<NamedTool>("Bash", false));
    all.push_back(std::make_unique<NamedTool>("NotebookEdit", true, "Changes a cell."));
    all.push_back(std::make_unique<NamedTool>("WebFetch", true, description));
    return std::make_unique<ToolSet>(std::move(all), selection, rules);
  }

  static tools::ToolResult search(ToolSet& set, const json::Value& input) {
    tools::ToolResult result;
    boost::asio::io_context io;
    tools::Session session;
    tools::Tool& tool = *set.find("ToolSearch")->tool;
    boost::asio::co_spawn(
        io, tool.run(input, {}, "toolu_1", session),
        [&result](const std::exception_ptr&, tools::ToolResult r) { result = std::move(r); });
    io.run();
    return result;
  }

  ToolSelection selection;
  permission::Rules rules;
  std::string description = "Fetches a page.";
};

TEST_F(ToolSearchTest, DeferredToolsAreListedButNotDescribed) {
  const auto set = make();
  EXPECT_THAT(set->names(), ElementsAre("Bash", "NotebookEdit", "WebFetch", "ToolSearch"));
  EXPECT_THAT(set->deferred_names(), ElementsAre("NotebookEdit", "WebFetch"));
  EXPECT_THAT(set->definitions(),
              ElementsAre(HasSubstr(R"("name":"Bash")"), HasSubstr(R"("name":"ToolSearch")")));
  EXPECT_NE(set->find("WebFetch"), nullptr) << "they can be called without a search";
}

TEST_F(ToolSearchTest, ASelectedToolJoinsTheRequestsAtTheirEnd) {
  const auto set = make();
  const std::vector<std::string> before = set->definitions();
  const tools::ToolResult result = search(*set, {{"query", "select:WebFetch,Bash,Nothing"}});
  EXPECT_FALSE(result.is_error);
  const json::Value blocks = json::parse(result.content_json).value();
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0], (json::Value{{"type", "tool_reference"}, {"tool_name", "WebFetch"}}));
  EXPECT_EQ(blocks[1]["type"], "text");
  EXPECT_THAT(result.text, HasSubstr("Not found: Nothing"));
  EXPECT_THAT(result.text, HasSubstr("already: Bash"));
  EXPECT_THAT(set->loaded_definitions(),
              ElementsAre(testing::AllOf(HasSubstr("WebFetch"), HasSubstr(R"("defer_loading":true)"))));
  EXPECT_EQ(set->definitions(), before);

  search(*set, {{"query", "notebookedit"}});
  search(*set, {{"query", "select:WebFetch"}});
  EXPECT_THAT(set->loaded_definitions(), ElementsAre(HasSubstr("WebFetch"), HasSubstr("NotebookEdit")))
      << "in the order of loading, each once";
}

TEST_F(ToolSearchTest, WordsFindToolsAndNothingFoundIsNoError) {
  const auto set = make();
  const json::Value found = json::parse(search(*set, {{"query", "cell"}}).structured_json).value();
  EXPECT_EQ(found["matches"], json::Value({"NotebookEdit"}));
  EXPECT_EQ(found["total_deferred_tools"], 2);
  const tools::ToolResult nothing = search(*set, {{"query", "kubernetes"}});
  EXPECT_FALSE(nothing.is_error);
  EXPECT_TRUE(nothing.content_json.empty());
  EXPECT_THAT(nothing.text, HasSubstr("No tool fits"));
}

TEST_F(ToolSearchTest, NothingIsDeferredWhenToolsAreNamedOrSearchIsAway) {
  selection.only = {{"Bash", "WebFetch"}};
  EXPECT_THAT(make()->deferred_names(), IsEmpty());
  EXPECT_THAT(make()->names(), Not(Contains("ToolSearch")));
  selection.only = {{"default", "WebFetch"}};
  EXPECT_THAT(make()->deferred_names(), ElementsAre("NotebookEdit"));
  selection.only.reset();
  selection.minimal = true;
  EXPECT_THAT(make()->names(), ElementsAre("Bash"));
  selection.minimal = false;
  rules.deny = {*permission::parse_rule("ToolSearch", "test", "/")};
  EXPECT_THAT(make()->deferred_names(), IsEmpty());
  rules.deny.clear();
  selection.search.mode = ToolSearchPolicy::Mode::kOff;
  EXPECT_THAT(make()->deferred_names(), IsEmpty());
}

TEST_F(ToolSearchTest, AutoDefersWhenTheDefinitionsAreLarge) {
  selection.search.mode = ToolSearchPolicy::Mode::kAuto;
  selection.search.context_window = 100'000;
  EXPECT_THAT(make()->deferred_names(), IsEmpty());
  description = std::string(50'000, 'x');
  EXPECT_THAT(make()->deferred_names(), ElementsAre("NotebookEdit", "WebFetch"));
}

TEST_F(ToolSearchTest, AToolThatJoinsLaterIsDeferredToo) {
  const auto set = make();
  set->add(std::make_unique<NamedTool>("mcp__a__b", true));
  EXPECT_THAT(set->deferred_names(), Contains("mcp__a__b"));
  search(*set, {{"query", "+mcp a"}});
  EXPECT_THAT(set->loaded_definitions(), ElementsAre(HasSubstr("mcp__a__b")));
}

}  // namespace
}  // namespace awl::agent
