// Pages that are made to hurt: deep, long, never closed. Each would take minutes or all memory if some step
// of the conversion were not linear.
#include <gtest/gtest.h>

#include "html/markdown.h"

namespace awl::html {
namespace {

std::string repeat(std::string_view text, size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(MarkdownLimits, DeepNesting) {
  for (const char* name : {"div", "b", "ul", "li", "blockquote", "table", "a", "span", "pre", "code", "x"}) {
    const size_t depth = std::string_view(name) == "div" ? 100'000 : 10'000;
    const std::string open = "<" + std::string(name) + ">";
    const std::string close = "</" + std::string(name) + ">";
    const Markdown page = to_markdown(repeat(open, depth) + "deep" + repeat(close, depth) + "<p>after", {});
    EXPECT_TRUE(page.text.contains("deep")) << name;
    EXPECT_TRUE(page.text.contains("after")) << name;
    EXPECT_LT(page.text.size(), 5'000u) << name;
  }
}

TEST(MarkdownLimits, DeepNestingOfEverything) {
  const std::string page =
      repeat("<ul><li><blockquote><table><tr><td><a href=x><b><i><code><p><h2>", 2'000) + "deep";
  EXPECT_TRUE(to_markdown(page, {}).text.contains("deep"));
}

TEST(MarkdownLimits, MuchOfWhatIsNeverClosed) {
  for (const char* text :
       {"<li>", "</div>", "<p>x", "<a href=x>y", "<", "&", "<td>", "<tr>", "<!--x", "<script>", "<b>x<i>",
        "<code>x", "<div></p>", "<a b='", "&#", "`<pre>", "<img alt=x>", "<ol><li>x", "<q1>"}) {
    const std::string page = repeat(text, (200 << 10) / std::string_view(text).size());
    EXPECT_LE(to_markdown(page, {.max_bytes = 50'000, .resolve = {}}).text.size(), 50'000u) << text;
  }
}

TEST(MarkdownLimits, TheResultHasItsLimit) {
  const Markdown page = to_markdown(repeat("\xC3\xA4", 100), {.max_bytes = 51, .resolve = {}});
  EXPECT_TRUE(page.truncated);
  EXPECT_EQ(page.text, repeat("\xC3\xA4", 25));
  EXPECT_FALSE(to_markdown("abc", {.max_bytes = 3, .resolve = {}}).truncated);
  EXPECT_TRUE(to_markdown("<table><tr><td>abcdef<td>x</table>y", {.max_bytes = 5, .resolve = {}}).truncated);
}

}  // namespace
}  // namespace awl::html
