#include "json/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::json {
namespace {

using ::testing::HasSubstr;

// What validate() says about `instance`; "" when it is valid.
std::string check(std::string_view schema, std::string_view instance) {
  const auto compiled = Schema::compile(*parse(schema));
  if (!compiled) return "schema: " + compiled.error().message;
  const auto result = compiled->validate(*parse(instance));
  return result ? "" : result.error().message;
}

constexpr std::string_view kBash = R"({"type":"object","properties":{
  "command":{"type":"string"},"timeout":{"type":"number","maximum":600000},"mode":{"type":"string","enum":["a","b"]},
  "list":{"type":"array","maxItems":2,"items":{"type":"object","required":["id"],"properties":{"id":{"type":"integer"}}}}},
  "required":["command"],"additionalProperties":false})";

TEST(Schema, AcceptsWhatFits) {
  EXPECT_EQ(check(kBash, R"({"command":"ls"})"), "");
  EXPECT_EQ(check(kBash, R"({"command":"ls","timeout":5.5,"mode":"b","list":[{"id":1},{"id":2}]})"), "");
}

TEST(Schema, NamesTheField) {
  EXPECT_EQ(check(kBash, "{}"), "`command` is required");
  EXPECT_EQ(check(kBash, R"({"command":5})"), "`command` must be a string");
  EXPECT_EQ(check(kBash, R"({"command":"x","timeout":"soon"})"), "`timeout` must be a number");
  EXPECT_EQ(check(kBash, R"({"command":"x","timeout":700000})"), "`timeout` must be at most 600000");
  EXPECT_EQ(check(kBash, R"({"command":"x","y":1})"), "unknown field `y`");
  EXPECT_EQ(check(kBash, R"({"command":"x","mode":"c"})"), "`mode` must be one of \"a\", \"b\"");
  EXPECT_EQ(check(kBash, R"({"command":"x","list":[{"id":1},{}]})"), "`list[1].id` is required");
  EXPECT_EQ(check(kBash, R"({"command":"x","list":[1,2,3]})"),
            "`list` must have at most 2 items; `list[0]` must be an object; `list[1]` must be an object");
  EXPECT_EQ(check(kBash, "[]"), "the input must be an object");
}

TEST(Schema, OtherKeywordsStillRefuse) {
  EXPECT_THAT(check(R"({"properties":{"a":{"oneOf":[{"type":"string"},{"type":"null"}]}}})", R"({"a":5})"),
              HasSubstr("`a`"));
}

TEST(Schema, APropertyNamedPatternIsKeptAndLongTextsAreSafe) {
  constexpr std::string_view kSchema =
      R"({"type":"object","properties":{"pattern":{"type":"string","pattern":"^(a|b)*$","format":"date"}}})";
  EXPECT_EQ(check(kSchema, R"({"pattern":1})"), "`pattern` must be a string");
  EXPECT_EQ(check(kSchema, R"({"pattern":")" + std::string(2'000'000, 'a') + "\"}"), "");
}

TEST(Schema, WhatIsNoSchemaIsRefused) {
  EXPECT_FALSE(Schema::compile(*parse("5")));
  EXPECT_FALSE(Schema::compile(*parse(R"({"type":5})")));
  EXPECT_FALSE(Schema::compile(*parse(R"({"$ref":"http://127.0.0.1/x.json"})")));
}

}  // namespace
}  // namespace awl::json
