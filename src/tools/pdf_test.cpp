#include "tools/pdf.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace awl::tools {
namespace {

using ::testing::HasSubstr;

std::string range(std::string_view text) {
  const auto pages = parse_pages(text);
  return pages ? fmt::format("{}-{}", pages->first, pages->last) : "wrong";
}

TEST(PdfPages, WhatTheModelMayGive) {
  EXPECT_EQ(range("3"), "3-3");
  EXPECT_EQ(range("1-5"), "1-5");
  EXPECT_EQ(range(" 10 - 20 "), "10-20");
  EXPECT_EQ(range("10-"), "10-29");
  EXPECT_EQ(range("1-20"), "1-20");
}

TEST(PdfPages, WhatItMayNot) {
  for (const char* text :
       {"", "x", "0", "-3", "5-1", "1-2-3", "1,2", "1.5", "99999999999999999999", "2000000", "-"})
    EXPECT_EQ(range(text), "wrong") << text;
  EXPECT_THAT(parse_pages("1-21").error().message, HasSubstr("21 pages"));
  EXPECT_THAT(parse_pages("a").error().message, HasSubstr("\"a\""));
}

}  // namespace
}  // namespace awl::tools
