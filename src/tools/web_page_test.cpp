#include "tools/web_page.h"

#include <gtest/gtest.h>

#include "net/web_url.h"

namespace awl::tools {
namespace {

WebPage read(std::string body, std::string content_type, size_t max_chars = 1'000) {
  WebAnswer answer{*net::parse_web_url("https://h.example/a/b"), 200, std::move(content_type),
                   std::move(body), false};
  return read_page(answer, max_chars);
}

TEST(WebPage, HtmlBecomesMarkdownWithAbsoluteLinks) {
  const WebPage page =
      read("<title>T</title><p><a href='../c'>l</a> <a href='mailto:x@y.z'>m</a><a href='javascript:a'>n</a>",
           "Text/HTML; charset=utf-8");
  EXPECT_EQ(page.text, "[l](https://h.example/c) [m](mailto:x@y.z)n");
  EXPECT_EQ(page.title, "T");
  EXPECT_EQ(page.media_type, "text/html");
  EXPECT_EQ(read("<base href='//o.example/d/'><a href=e>l</a>", "text/html").text,
            "[l](https://o.example/d/e)");
}

TEST(WebPage, OtherTextStaysAsItIs) {
  for (const char* type : {"text/plain", "text/markdown; charset=UTF-8", "application/json",
                           "application/ld+json", "application/xml", "image/svg+xml", "text/css"}) {
    EXPECT_EQ(read("# <a>\n", type).text, "# <a>\n") << type;
  }
}

TEST(WebPage, WhatTheServerDoesNotSayIsGuessed) {
  EXPECT_EQ(read(" <!DOCTYPE html><b>x</b>", "").text, "**x**");
  EXPECT_EQ(read("plain", "").media_type, "text/plain");
  EXPECT_EQ(read("plain", "application/octet-stream").text, "plain");
  EXPECT_FALSE(read("%PDF-1.7 x", "").is_text);
  EXPECT_FALSE(read(std::string("a\0b", 3), "").is_text);
  EXPECT_FALSE(read("x", "application/zip").is_text);
}

TEST(WebPage, LongTextEndsBetweenCharacters) {
  const WebPage page = read("\xC3\xA4\xC3\xB6\xC3\xBC", "text/plain", 2);
  EXPECT_EQ(page.text, "\xC3\xA4\xC3\xB6");
  EXPECT_TRUE(page.truncated);
  EXPECT_FALSE(read("ab", "text/plain", 2).truncated);
  EXPECT_TRUE(read("<p>abc", "text/html", 2).truncated);
}

}  // namespace
}  // namespace awl::tools
