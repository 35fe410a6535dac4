#include "anthropic/model_list.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::anthropic {
namespace {

ModelPage parse(std::string_view text) { return parse_model_page(json::parse(text).value()).value(); }

constexpr std::string_view kRow =
    R"({"type":"model","id":"claude-opus-6","display_name":"Claude Opus 6","created_at":"2027-01-01T00:00:00Z",
        "max_input_tokens":2000000,"max_tokens":256000,"capabilities":{
        "effort":{"supported":true,"low":{"supported":true},"xhigh":{"supported":true},"max":{"supported":false}},
        "thinking":{"supported":true,"types":{"adaptive":{"supported":true},"enabled":{"supported":false}}}}})";

TEST(ModelList, RowsAndTheNextPage) {
  const ModelPage page = parse(std::string(R"({"data":[)") + std::string(kRow) +
                               R"(,{"id":"plain"}],"has_more":true,"last_id":"plain"})");
  ASSERT_EQ(page.models.size(), 2U);
  EXPECT_EQ(page.next, "plain");
  const ListedModel& model = page.models[0];
  EXPECT_EQ(model.name, "Claude Opus 6");
  EXPECT_EQ(model.max_input_tokens, 2'000'000);
  EXPECT_EQ(model.max_output_tokens, 256'000);
  EXPECT_TRUE(model.has_capabilities && model.effort && model.effort_xhigh && model.thinking_adaptive);
  EXPECT_FALSE(model.effort_max || model.thinking_budget);
  EXPECT_FALSE(page.models[1].has_capabilities);
  EXPECT_NE(find_listed(page.models, "plain"), nullptr);
  EXPECT_EQ(find_listed(page.models, "other"), nullptr);
}

TEST(ModelList, WhatIsKeptReadsBackTheSame) {
  const ModelPage page = parse(std::string(R"({"data":[)") + std::string(kRow) + "]}");
  const json::Value kept{{"data", {to_json(page.models[0])}}};
  const ModelPage again = parse_model_page(kept).value();
  ASSERT_EQ(again.models.size(), 1U);
  EXPECT_EQ(to_json(again.models[0]), to_json(page.models[0]));
  EXPECT_TRUE(again.models[0].effort_xhigh);
}

TEST(ModelList, StrangeAnswersDoNoHarm) {
  EXPECT_FALSE(parse_model_page(json::parse("{}").value()).has_value());
  EXPECT_FALSE(parse_model_page(json::parse("[]").value()).has_value());
  const ModelPage page = parse(
      R"({"data":[1,{},{"id":7},{"id":"a b"},{"id":"ok","display_name":"x\u001b[2Jy","max_tokens":-5,
          "capabilities":[]}],"has_more":true,"last_id":"bad id"})");
  ASSERT_EQ(page.models.size(), 1U);
  EXPECT_EQ(page.models[0].name, "x[2Jy") << "nothing that a terminal obeys";
  EXPECT_EQ(page.models[0].max_output_tokens, 0);
  EXPECT_EQ(page.next, "");
}

}  // namespace
}  // namespace awl::anthropic
