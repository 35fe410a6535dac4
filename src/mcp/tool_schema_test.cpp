#include "mcp/tool_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::mcp {
namespace {

TEST(ToolSchema, APlainOneStays) {
  std::string note;
  const json::Value schema{
      {"type", "object"}, {"properties", {{"a", {{"type", "string"}}}}}, {"required", {"a"}}};
  EXPECT_EQ(make_api_schema(schema, note), schema);
  EXPECT_EQ(note, "");
}

TEST(ToolSchema, WhatIsNoneBecomesOne) {
  std::string note;
  EXPECT_EQ(make_api_schema("text", note),
            (json::Value{{"type", "object"}, {"properties", json::Value::object()}}));
}

TEST(ToolSchema, UnionsAreMerged) {
  std::string note;
  const json::Value made = make_api_schema(
      {{"oneOf", json::Value::array({{{"properties", {{"a", {{"type", "string"}}}}}, {"required", {"a"}}},
                                     {{"properties", {{"b", {{"type", "number"}}}}}, {"required", {"b"}}}})}},
      note);
  EXPECT_FALSE(made.contains("oneOf"));
  EXPECT_FALSE(made.contains("required"));
  EXPECT_EQ(made["properties"].size(), 2U);
  EXPECT_THAT(note, testing::HasSubstr("exactly one of these groups of parameters: (a), (b)"));
  const json::Value all = make_api_schema(
      {{"allOf",
        json::Value::array({{{"properties", {{"a", json::Value::object()}}}, {"required", {"a"}}}})}},
      note);
  EXPECT_EQ(all["required"], json::Value::array({"a"}));
}

}  // namespace
}  // namespace awl::mcp
