#include "json/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::json {
namespace {

TEST(Json, KeepsKeyOrderAndUnknownFields) {
  const auto value = parse(R"({"z":1,"a":{"y":2,"b":[3]}})");
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(dump(*value), R"({"z":1,"a":{"y":2,"b":[3]}})");
}

TEST(Json, NamesThePlaceOfAnError) {
  const auto value = parse("{\n  \"a\": 1,\n  oops\n}");
  ASSERT_FALSE(value.has_value());
  EXPECT_EQ(value.error().kind, ErrorKind::kParse);
  EXPECT_NE(value.error().message.find("line 3"), std::string::npos) << value.error().message;
}

TEST(Json, SurvivesLoneSurrogatesAndInvalidUtf8) {
  const auto lone = parse(R"({"a":"x\ud83dy","b":"\ud83d\ude00","c":"\\ud83d"})");
  ASSERT_TRUE(lone.has_value());
  EXPECT_EQ(get_string(*lone, "a"), "x\xEF\xBF\xBDy");
  EXPECT_EQ(get_string(*lone, "b"), "😀");
  EXPECT_EQ(get_string(*lone, "c"), "\\ud83d");
  const auto bytes = parse("{\"a\":\"\xff\"}");
  ASSERT_TRUE(bytes.has_value());
  EXPECT_EQ(get_string(*bytes, "a"), "\xEF\xBF\xBD");
}

TEST(Json, RefusesWhatIsNestedTooDeep) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse(nested(512)).has_value());
  EXPECT_EQ(parse(nested(200'000)).error().kind, ErrorKind::kParse);
  EXPECT_TRUE(parse("\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\"").has_value())
      << "inside a string";
}

TEST(Json, RefusesANumberThatNoDoubleHolds) {
  for (const char* text : {"77E77777", "{\"n\": -1e999}", "[1e400"}) {
    const auto parsed = parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().message.find("not valid JSON"), std::string::npos) << parsed.error().message;
  }
}

TEST(Json, DumpNeverThrows) {
  EXPECT_EQ(dump(Value("a\xff")), "\"a\xEF\xBF\xBD\"");
  EXPECT_EQ(quote("a\"\n\x01ü\xff"), "\"a\\\"\\n\\u0001ü\xEF\xBF\xBD\"");
}

TEST(Json, ReadsFieldsByType) {
  const auto value = *parse(R"({"s":"t","i":3,"n":1.5,"b":true,"null":null})");
  EXPECT_EQ(get_string(value, "s"), "t");
  EXPECT_EQ(get_string(value, "i"), std::nullopt);
  EXPECT_EQ(get_integer(value, "i"), 3);
  EXPECT_EQ(get_number(value, "i"), 3.0);
  EXPECT_EQ(get_bool(value, "b"), true);
  EXPECT_EQ(get_string(value, "missing"), std::nullopt);
  EXPECT_EQ(get_string(Value(4), "s"), std::nullopt);
}

}  // namespace
}  // namespace awl::json
