#include "tools/input.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::tools {
namespace {

std::string coerced(std::string_view input) {
  const auto schema =
      json::parse(R"({"properties":{"n":{"type":"number"},"i":{"type":"integer"},"b":{"type":"boolean"},
    "s":{"type":"string"},"either":{"type":["string","number"]}}})");
  const auto result = coerce(*json::parse(input), *schema);
  return result ? json::dump(*result) : result.error().message;
}

TEST(Input, MakesNumbersAndBooleansOfStrings) {
  EXPECT_EQ(coerced(R"({"n":"5","i":"-3","b":"true"})"), R"({"n":5,"i":-3,"b":true})");
  EXPECT_EQ(coerced(R"({"n":"1.5","i":"3.0","b":"false"})"), R"({"n":1.5,"i":3,"b":false})");
  EXPECT_EQ(coerced(R"({"i":7.0})"), R"({"i":7})");
}

TEST(Input, NullForAnOptionalPropertyIsDropped) {
  const auto schema = json::parse(
      R"({"properties":{"a":{"type":"string"},"b":{"type":"integer"},"c":{"type":["string","null"]},
    "d":{"enum":["x",null]},"e":{"type":"string"}},"required":["e"]})");
  const auto result =
      coerce(*json::parse(R"({"a":null,"b":null,"c":null,"d":null,"e":null,"other":null,"b2":1})"), *schema);
  ASSERT_TRUE(result);
  EXPECT_EQ(json::dump(*result), R"({"c":null,"d":null,"e":null,"other":null,"b2":1})");
}

TEST(Input, LeavesTheRestToTheSchema) {
  EXPECT_EQ(coerced(R"({"n":"5x","i":"","b":"yes","s":"5","either":"5","other":"1"})"),
            R"({"n":"5x","i":"","b":"yes","s":"5","either":"5","other":"1"})");
  EXPECT_EQ(coerced(R"({"n":"1e999","i":1.5,"b":1})"), R"({"n":"1e999","i":1.5,"b":1})");
  EXPECT_EQ(coerced("[]"), "the input must be a JSON object");
}

TEST(Input, RenamesKeysThatModelsWriteForOthers) {
  const auto renamed = [](std::string_view text) {
    json::Value input = json::parse(text).value();
    rename_keys(input, {{"task_id", "taskId"}, {"id", "taskId"}});
    return json::dump(input);
  };
  EXPECT_EQ(renamed(R"({"task_id":"1","x":2})"), R"({"x":2,"taskId":"1"})");
  EXPECT_EQ(renamed(R"({"id":"1"})"), R"({"taskId":"1"})");
  EXPECT_EQ(renamed(R"({"id":"2","taskId":"1"})"), R"({"id":"2","taskId":"1"})");
  EXPECT_EQ(renamed("[]"), "[]");
}

}  // namespace
}  // namespace awl::tools
