#include "emulator/json_lines.h"

#include <gtest/gtest.h>

namespace awl::emulator {
namespace {

constexpr const char* kText = R"({
  "a": {"b~/": [1,
    "x\"]}", {"c": null}]},
  "d":
    true
})";

TEST(LineOf, FindsValuesByPointer) {
  EXPECT_EQ(line_of(kText, ""), 1);
  EXPECT_EQ(line_of(kText, "/a"), 2);
  EXPECT_EQ(line_of(kText, "/a/b~0~1/0"), 2);
  EXPECT_EQ(line_of(kText, "/a/b~0~1/1"), 3);
  EXPECT_EQ(line_of(kText, "/a/b~0~1/2/c"), 3);
  EXPECT_EQ(line_of(kText, "/d"), 5);
  EXPECT_EQ(line_of(kText, "/e"), 0);
}

TEST(LineOf, SurvivesWhatIsNoJson) {
  for (const char* text : {"", "{", "{\"", "{\"a", "{\"a\\", "[1,", "{\"a\":", "]", "{\"a\":1 \"b\"}"})
    EXPECT_EQ(line_of(text, "/nowhere"), 0) << text;
}

TEST(DuplicateKey, IsFoundInOneObjectAlone) {
  EXPECT_FALSE(find_duplicate_key(kText));
  EXPECT_FALSE(find_duplicate_key(R"([{"a":1},{"a":2}])"));
  const auto found = find_duplicate_key("{\"a\":1,\n\"\\u0061\":2}");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->key, "a");
  EXPECT_EQ(found->line, 2);
}

TEST(PointerPart, Escapes) { EXPECT_EQ(pointer_part("a/b~c"), "a~1b~0c"); }

}  // namespace
}  // namespace awl::emulator
