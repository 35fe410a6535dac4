#include "config/json_edit.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::config {
namespace {

using Path = std::vector<std::string>;

TEST(JsonEdit, FindsTheLastOfEqualKeys) {
  EXPECT_EQ(find_json_text(R"({"a": 1, "a" : {"b":[1, 2]} })", Path{"a", "b"}), "[1, 2]");
  EXPECT_EQ(find_json_text(R"({"a": 1})", Path{"b"}), std::nullopt);
  EXPECT_EQ(find_json_text(R"({"a": 1})", Path{"a", "b"}), std::nullopt);
  EXPECT_EQ(find_json_text(R"({"a\"}": "}", "b": 2})", Path{"b"}), "2");
}

TEST(JsonEdit, ReplacesAndAddsAndLeavesTheRest) {
  EXPECT_EQ(set_json_text("{\n  \"a\": 1 ,\n  \"b\": [ 2 ]\n}\n", Path{"a"}, "3"),
            "{\n  \"a\": 3 ,\n  \"b\": [ 2 ]\n}\n");
  EXPECT_EQ(set_json_text("{\n  \"a\": 1\n}", Path{"b"}, "2"), "{\n  \"a\": 1,\n  \"b\": 2\n}");
  EXPECT_EQ(set_json_text("", Path{"a", "b"}, "2"), "{\n  \"a\": {\"b\": 2}\n}\n");
  EXPECT_EQ(set_json_text(R"({"a":{}})", Path{"a", "b"}, "2").value_or(""), "{\"a\":{\n  \"b\": 2\n}}");
  EXPECT_FALSE(set_json_text("[1]", Path{"a"}, "2"));
  EXPECT_FALSE(set_json_text(R"({"a": 1})", Path{"a", "b"}, "2"));
}

TEST(JsonEdit, RemovesWithOneComma) {
  EXPECT_EQ(remove_json_text(R"({"a": 1, "b": 2, "c": 3})", Path{"a"}), R"({"b": 2, "c": 3})");
  EXPECT_EQ(remove_json_text(R"({"a": 1, "b": 2, "c": 3})", Path{"c"}), R"({"a": 1, "b": 2})");
  EXPECT_EQ(remove_json_text(R"({"a": 1})", Path{"a"}), "{}");
  EXPECT_EQ(remove_json_text(R"({"a": 1})", Path{"x"}), R"({"a": 1})");
}

// Any order of changes keeps the text valid and every other value.
TEST(JsonEdit, AgreesWithChangingTheValue) {
  json::Value model = json::Value::object();
  std::string text;
  uint32_t state = 7;
  const auto next = [&state](uint32_t limit) {
    return (state = state * 1664525U + 1013904223U) / 65536U % limit;
  };
  for (int i = 0; i < 500; ++i) {
    const Path path = next(2) == 0 ? Path{"k" + std::to_string(next(4))}
                                   : Path{"o" + std::to_string(next(2)), "k" + std::to_string(next(3))};
    json::Value* parent = &model;
    if (next(3) == 0) {
      if (path.size() == 2) parent = model.contains(path[0]) ? &model[path[0]] : nullptr;
      if (parent != nullptr) parent->erase(path.back());
      text = remove_json_text(text, path).value_or("broken");
    } else {
      if (path.size() == 2) parent = &model[path[0]];
      (*parent)[path.back()] = i;
      text = set_json_text(text, path, std::to_string(i)).value_or("broken");
    }
    const auto parsed = json::parse(text.empty() ? "{}" : text);
    ASSERT_TRUE(parsed) << text;
    ASSERT_EQ(nlohmann::json::parse(json::dump(*parsed)), nlohmann::json::parse(json::dump(model))) << text;
  }
}

}  // namespace
}  // namespace awl::config
