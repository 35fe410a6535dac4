#include "markdown/code_ranges.h"

#include <gtest/gtest.h>

#include <string>

namespace awl::markdown {
namespace {

// The text without its code.
std::string without_code(std::string_view text) {
  const auto ranges = code_ranges(text);
  std::string rest;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!is_code(ranges, i)) rest += text[i];
  }
  return rest;
}

TEST(CodeRanges, SpansAndBlocks) {
  EXPECT_EQ(without_code("a `b` c ``d ` e`` f"), "a  c  f");
  EXPECT_EQ(without_code("a\n```sh\nb `c\n```\nd"), "a\n\nd");
  EXPECT_EQ(without_code("~~~\nx\n```\ny\n~~~~\nz"), "\nz");
  EXPECT_EQ(without_code("a\n```\nnever closed"), "a\n");
}

TEST(CodeRanges, TicksWithoutAPartnerAreText) {
  EXPECT_EQ(without_code("a ` b"), "a ` b");
  EXPECT_EQ(without_code("a ` b\n\nc ` d"), "a ` b\n\nc ` d") << "a span ends with its paragraph";
  EXPECT_EQ(without_code(""), "");
}

}  // namespace
}  // namespace awl::markdown
