#include "html/markdown.h"

#include <gtest/gtest.h>

namespace awl::html {
namespace {

std::string markdown(std::string_view html) { return to_markdown(html, {}).text; }

TEST(Markdown, HeadingsAndParagraphs) {
  EXPECT_EQ(markdown("<h1>One\n  two</h1><p>a\tb<p>c</p>d<h3></h3><h2><div>e</div></h2>f"),
            "# One two\n\na b\n\nc\n\nd\n\n## e\n\nf");
  EXPECT_EQ(markdown("<div>a</div><div><div>b</div></div>c<br>d"), "a\nb\nc\nd");
  EXPECT_EQ(markdown("a<hr>b"), "a\n\n---\n\nb");
  EXPECT_EQ(markdown("  <p> </p> &nbsp; "), "");
}

TEST(Markdown, EmphasisClingsToWords) {
  EXPECT_EQ(markdown("a <b> b </b> c <em>d</em>e"), "a **b** c *d*e");
  EXPECT_EQ(markdown("<b>a<i>b</i></b>"), "**a*b***");
  EXPECT_EQ(markdown("<b><p>a</p><p>b</p></b>c"), "**a**\n\n**b**\n\nc");
  EXPECT_EQ(markdown("<b></b>x<strong> </strong>y"), "x y");
}

TEST(Markdown, Links) {
  EXPECT_EQ(markdown("see <a href=\"/x?a=1&amp;b=2\">the <b>page</b></a>."),
            "see [the **page**](/x?a=1&b=2).");
  EXPECT_EQ(markdown("<a href='#top'>up</a> <a>none</a> <a href=x></a>end"), "up none end");
  EXPECT_EQ(markdown("<a href=x><h2>T</h2><p>text</p></a>"), "[T text](x)");
  EXPECT_EQ(markdown("<a href=1>a<a href=2>b</a>"), "[a](1)[b](2)");
  EXPECT_EQ(markdown("<a href=x><img src=i.png alt='A  b'></a>"), "[![A b](i.png)](x)");
}

TEST(Markdown, AddressesAreResolved) {
  MarkdownOptions options;
  options.resolve = [](std::string_view base, std::string_view reference) {
    return reference.starts_with("javascript:") ? "" : std::string(base) + "|" + std::string(reference);
  };
  EXPECT_EQ(to_markdown("<base href='/b/'><a href=' y '>l</a><a href='javascript:x'>m</a>", options).text,
            "[l](/b/|y)m");
}

TEST(Markdown, Lists) {
  EXPECT_EQ(markdown("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>e"), "- a\n- b\n  - c\n- d\n\ne");
  EXPECT_EQ(markdown("<ol start=9><li>a<li><p>b</p><p>c</p></ol>"), "9. a\n10. b\n\n    c");
  EXPECT_EQ(markdown("<ul><li></li><li>x</li></ul>"), "- x");
  EXPECT_EQ(markdown("<dl><dt>t<dd>d<dt>u<dd>e</dl>"), "t\n: d\n\nu\n: e");
  EXPECT_EQ(markdown("<ol start=-5><li>a</ol>"), "1. a");
}

TEST(Markdown, Quotes) {
  EXPECT_EQ(markdown("<blockquote><p>a</p><p>b</p></blockquote>c"), "> a\n\n> b\n\nc");
}

TEST(Markdown, Code) {
  EXPECT_EQ(markdown("use <code>a  <b>b</b></code>, <code>`</code>"), "use `a b`, `` ` ``");
  EXPECT_EQ(markdown("<pre><code class='hljs language-c++'>\nint  x;\n  <b>y</b>&lt;\n\n</code></pre>z"),
            "```c++\nint  x;\n  y<\n```\n\nz");
  EXPECT_EQ(markdown("<pre>```</pre>"), "````\n```\n````");
  EXPECT_EQ(markdown("<ul><li>a<pre>b\nc</pre></ul>"), "- a\n\n  ```\n  b\n  c\n  ```");
  EXPECT_EQ(markdown("<pre>a<br>b</pre>"), "```\na\nb\n```");
  EXPECT_EQ(markdown("<code>x<p>after"), "`x after`");
}

TEST(Markdown, Tables) {
  EXPECT_EQ(markdown("<table><caption>C</caption><tr><th>a<th>b<tr><td>1|2<td><a href=x>l</a></table>z"),
            "C\n\n| a | b |\n| --- | --- |\n| 1\\|2 | [l](x) |\n\nz");
  EXPECT_EQ(markdown("<table><tr><td><p>only</p><ul><li>one</ul><tr><td>column</table>"),
            "only one\n\ncolumn");
  EXPECT_EQ(markdown("<table><tr><td>a<td><table><tr><td>b<td>c</table><td>d</table>"),
            "| a | b c | d |\n| --- | --- | --- |");
  EXPECT_EQ(markdown("<table><tr><td>a<td>b<tr></tr><tr><td><td></table>"), "| a | b |\n| --- | --- |");
  EXPECT_EQ(markdown("<table><tr><td>never<td>closed"), "| never | closed |\n| --- | --- |");
}

TEST(Markdown, WhatIsNotThePagesTextIsLeftOut) {
  EXPECT_EQ(markdown("<script>a</script><style>b</style><nav>c<nav>d</nav></nav><p hidden>e</p>"
                     "<span style='display : none'>f</span><i aria-hidden=true>g</i><button>h</button>"
                     "<svg><title>t</title><text>i</text></svg><template>j</template><img alt=''>k"),
            "k");
  EXPECT_EQ(to_markdown("<title> The\n page </title><p>x", {}).title, "The page");
}

TEST(Markdown, ReferencesAndSpaces) {
  EXPECT_EQ(markdown("a&nbsp;&nbsp;b &lt;c&gt;\xC2\xA0 d"), "a b <c> d");
}

}  // namespace
}  // namespace awl::html
