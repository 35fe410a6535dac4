// What every built-in tool promises about its description.
#include "tools/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "json/schema.h"

namespace awl::tools {
namespace {

TEST(Registry, NamesAreUnique) {
  std::set<std::string> names;
  for (const auto& tool : make_builtin_tools()) {
    EXPECT_TRUE(names.insert(tool->spec().name).second) << tool->spec().name;
    for (const std::string& alias : tool->spec().aliases) EXPECT_TRUE(names.insert(alias).second) << alias;
    EXPECT_FALSE(tool->spec().description.empty());
    EXPECT_LT(tool->spec().description.size(), 4'000U)
        << tool->spec().name << ": it is paid for in each request";
  }
}

TEST(Registry, SchemasAreFlatAndClosed) {
  for (const auto& tool : make_builtin_tools()) {
    const ToolSpec& spec = tool->spec();
    const json::Value schema = json::parse(spec.input_schema).value();
    ASSERT_TRUE(json::Schema::compile(schema)) << spec.name;
    std::vector<std::string> keys;
    for (const auto& [key, value] : schema.items()) keys.push_back(key);
    const std::vector<std::string> with_required = {"type", "properties", "required", "additionalProperties"};
    const std::vector<std::string> without = {"type", "properties", "additionalProperties"};
    EXPECT_TRUE(keys == with_required || keys == without) << spec.name << ": always in this order";
    EXPECT_EQ(schema["additionalProperties"], false) << spec.name;
    for (const auto& [name, property] : schema["properties"].items()) {
      EXPECT_TRUE(property.contains("type") || property.contains("enum")) << spec.name << "." << name;
      EXPECT_FALSE(property.contains("properties")) << spec.name << "." << name;
      // The documented shape of these is a list of objects.
      if (spec.name != "TodoWrite" && spec.name != "AskUserQuestion" && property.contains("items")) {
        EXPECT_EQ(property["items"]["type"], "string") << spec.name << "." << name;
      }
    }
    for (const auto& [written, meant] : spec.renamed_keys)
      EXPECT_TRUE(schema["properties"].contains(meant)) << meant;
    EXPECT_EQ(json::dump(schema), spec.input_schema) << spec.name << ": as compact as it can be";
  }
}

}  // namespace
}  // namespace awl::tools
