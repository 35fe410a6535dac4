#include "markdown/front_matter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::markdown {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(FrontMatter, FieldsAndBody) {
  const Document document = parse_document(
      "---\nname: a b\npaths:\n  - \"src/**\"\n  - x\nmodel: \"1\"\nturns: 3\non: true\n---\nBody\n---\n");
  EXPECT_EQ(document.fields["name"], "a b");
  EXPECT_EQ(document.fields["model"], "1");
  EXPECT_EQ(document.fields["turns"], 3);
  EXPECT_EQ(document.fields["on"], true);
  EXPECT_THAT(text_list(document.fields, "paths"), ElementsAre("src/**", "x"));
  EXPECT_EQ(document.body, "Body\n---\n");
  EXPECT_EQ(document.problem, "");
}

TEST(FrontMatter, ListsMayBeWrittenWithCommas) {
  const Document document = parse_document("---\ntools: Read, Bash(a, b) ,\n---\n");
  EXPECT_THAT(text_list(document.fields, "tools"), ElementsAre("Read", "Bash(a, b)"));
  EXPECT_THAT(text_list(document.fields, "none"), IsEmpty());
  EXPECT_EQ(document.body, "");
}

TEST(FrontMatter, WhatIsNoneStaysInTheBody) {
  for (const char* text : {"Just text", "--- \nunclosed\n", "---", "", "a\n---\nb: c\n---\n"}) {
    const Document document = parse_document(text);
    EXPECT_EQ(document.body, text);
    EXPECT_TRUE(document.fields.empty());
  }
}

TEST(FrontMatter, WhatIsMalformedIsAProblem) {
  const Document broken = parse_document("---\na: [1\n---\nBody");
  EXPECT_THAT(broken.problem, HasSubstr("line"));
  EXPECT_EQ(broken.body, "Body");
  EXPECT_THAT(parse_document("---\n- a\n---\nBody").problem, HasSubstr("no mapping"));
}

}  // namespace
}  // namespace awl::markdown
