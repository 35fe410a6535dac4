#include "emulator/models.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::emulator {
namespace {

json::Value page(std::string_view query) {
  const auto body = models_page(query);
  return body ? *json::parse(*body) : json::Value();
}

TEST(ModelsPage, PagesForwardsAndBackwards) {
  const json::Value all = page("");
  ASSERT_EQ(all["data"].size(), all_models().size());
  EXPECT_EQ(all["has_more"], false);
  const json::Value first = page("limit=2");
  EXPECT_EQ(first["data"].size(), 2U);
  EXPECT_EQ(first["has_more"], true);
  EXPECT_EQ(first["last_id"], all["data"][1]["id"]);
  const json::Value second = page("limit=2&after_id=" + first["last_id"].get<std::string>());
  EXPECT_EQ(second["first_id"], all["data"][2]["id"]);
  const json::Value back = page("limit=1&before_id=" + second["first_id"].get<std::string>());
  EXPECT_EQ(back["first_id"], all["data"][1]["id"]);
  EXPECT_EQ(back["has_more"], true);
  const json::Value end = page("after_id=" + all["last_id"].get<std::string>());
  EXPECT_TRUE(end["data"].empty());
  EXPECT_TRUE(end["first_id"].is_null());
}

TEST(ModelsPage, RefusesBadParameters) {
  for (const char* query : {"limit=0", "limit=1001", "limit=x", "after_id=nobody",
                            "after_id=claude-opus-5&before_id=claude-opus-5"}) {
    EXPECT_FALSE(models_page(query)) << query;
  }
}

TEST(ModelBody, KnowsIdsAndAliases) {
  EXPECT_TRUE(model_body("claude-haiku-4-5")->contains("claude-haiku-4-5-20251001"));
  EXPECT_EQ(model_body("gpt").error().status, 404);
}

}  // namespace
}  // namespace awl::emulator
