#include <gmock/gmock.h>

#include "tools/builtin.h"
#include "tools/web_fixture.h"

namespace awl::tools {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kFound =
    R"({"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[)"
    R"({"type":"web_search_result","url":"https://a.example/x","title":"A\ntitle","encrypted_content":"E"},)"
    R"({"type":"web_search_result","url":"https://b.example/","title":""}]})";
constexpr const char* kFailed =
    R"({"type":"web_search_tool_result","tool_use_id":"srvtoolu_2","content":)"
    R"({"type":"web_search_tool_result_error","error_code":"too_many_requests"}})";

class WebSearch : public WebFixture {
 protected:
  WebSearch() {
    model.answer.blocks_json = {
        R"({"type":"text","text":"Looking."})",
        R"({"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{}})", kFound,
        R"({"type":"text","text":"It is "})", R"({"type":"text","text":"so."})"};
  }
  ToolResult search(const json::Value& input) { return call(*tool, json::dump(input)); }
  json::Value server_tool() const { return *json::parse(model.questions.back().server_tools.at(0)); }
  std::unique_ptr<Tool> tool = make_web_search_tool();
};

TEST_F(WebSearch, GivesTitlesAddressesAndTheText) {
  const ToolResult result = search({{"query", "what is new"}});
  EXPECT_FALSE(result.is_error) << result.text;
  EXPECT_EQ(result.text,
            "Web search for \"what is new\":\n\nLooking.\n\n- [A title](https://a.example/x)\n"
            "- [https://b.example/](https://b.example/)\n\nIt is so.");
  const json::Value told = structured(result);
  EXPECT_EQ(told["query"], "what is new");
  EXPECT_EQ(told["searchCount"], 1);
  EXPECT_TRUE(told["durationSeconds"].is_number());
  ASSERT_EQ(told["results"].size(), 3u);
  EXPECT_EQ(told["results"][0], "Looking.");
  EXPECT_EQ(told["results"][1]["tool_use_id"], "srvtoolu_1");
  EXPECT_EQ(told["results"][1]["content"][0],
            json::Value({{"title", "A title"}, {"url", "https://a.example/x"}}));
  EXPECT_EQ(told["results"][2], "It is so.");

  EXPECT_EQ(last_access.kind, Access::Kind::kNetwork);
  ASSERT_EQ(model.questions.size(), 1u);
  EXPECT_FALSE(model.questions[0].small);
  EXPECT_THAT(model.asked(), HasSubstr("what is new"));
  EXPECT_EQ(server_tool(),
            json::Value({{"type", "web_search_20250305"}, {"name", "web_search"}, {"max_uses", 8}}));
}

TEST_F(WebSearch, DomainsAreGivenAsThePlatformWantsThem) {
  EXPECT_FALSE(
      search({{"query", "q2"}, {"allowed_domains", {"https://*.Docs.example/x/", "b.example"}}}).is_error);
  EXPECT_EQ(server_tool()["allowed_domains"], json::Value({"docs.example/x", "b.example"}));
  EXPECT_FALSE(
      search({{"query", "q2"}, {"allowed_domains", json::Value::array()}, {"blocked_domains", {"c.d"}}})
          .is_error);
  EXPECT_EQ(server_tool()["blocked_domains"], json::Value({"c.d"}));
  EXPECT_FALSE(server_tool().contains("allowed_domains"));
}

TEST_F(WebSearch, WrongInputIsRefusedBeforeAnythingIsAsked) {
  for (const char* input :
       {R"({"query":"q2","allowed_domains":["a.b"],"blocked_domains":["c.d"]})", R"({"query":""})",
        R"({"query":"  "})", R"({"query":"q2","allowed_domains":["not a domain"]})",
        R"({"query":"q2","blocked_domains":["xn\u00e4.de"]})"}) {
    EXPECT_TRUE(call(*tool, input).is_error) << input;
  }
  EXPECT_TRUE(model.questions.empty());
}

TEST_F(WebSearch, FailedSearchesAreTold) {
  model.answer.blocks_json = {kFailed};
  ToolResult result = search({{"query", "q2"}});
  EXPECT_TRUE(result.is_error);
  EXPECT_THAT(result.text, HasSubstr("too many searches"));
  model.answer.blocks_json = {kFound, kFailed, R"({"type":"text","text":"t"})"};
  result = search({{"query", "q2"}});
  EXPECT_FALSE(result.is_error);
  EXPECT_THAT(result.text, HasSubstr("too many searches"));
  EXPECT_EQ(structured(result)["results"].size(), 3u);
  model.failure = Error{ErrorKind::kApi, "web search is not enabled", {}, {}};
  EXPECT_THAT(search({{"query", "q2"}}).text, HasSubstr("not enabled"));
}

TEST_F(WebSearch, NothingFoundIsNoFailure) {
  model.answer.blocks_json = {R"({"type":"web_search_tool_result","tool_use_id":"s","content":[]})"};
  const ToolResult result = search({{"query", "q2"}});
  EXPECT_FALSE(result.is_error);
  EXPECT_THAT(result.text, HasSubstr("Nothing was found"));
}

TEST_F(WebSearch, ASessionHasSoManySearches) {
  session.limits.max_web_searches = 2;
  EXPECT_THAT(search({{"query", "q2"}}).text, Not(HasSubstr("No search")));
  EXPECT_THAT(search({{"query", "q2"}}).text, Not(HasSubstr("No search")));
  const ToolResult result = search({{"query", "q2"}});
  EXPECT_FALSE(result.is_error) << "an error would be tried again";
  EXPECT_THAT(result.text, HasSubstr("CLAUDE_CODE_MAX_WEB_SEARCHES_PER_SESSION"));
  EXPECT_EQ(structured(result)["results"].size(), 0u);
  EXPECT_EQ(model.questions.size(), 2u);
}

TEST_F(WebSearch, OddBlocksAreSurvived) {
  model.answer.blocks_json = {"no json",
                              "[]",
                              R"({"type":"web_search_tool_result"})",
                              R"({"type":"web_search_tool_result","content":7})",
                              R"({"type":"web_search_tool_result","content":[1,{"url":2}]})",
                              R"({"type":"text"})"};
  EXPECT_FALSE(search({{"query", "q2"}}).text.empty());
}

}  // namespace
}  // namespace awl::tools
