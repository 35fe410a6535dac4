#include "html/tokenizer.h"

#include <gtest/gtest.h>

namespace awl::html {
namespace {

// "<a href=x>", "</a>" and "text" joined by "|".
std::string tokens(std::string_view html) {
  std::string out;
  Tokenizer tokenizer(html);
  for (Token token; tokenizer.next(token);) {
    if (!out.empty()) out += "|";
    if (token.kind == Token::Kind::kText) {
      out += token.name.empty() ? std::string(token.text) : token.name + ":" + std::string(token.text);
      continue;
    }
    out += (token.kind == Token::Kind::kEnd ? "</" : "<") + token.name;
    for (const Attribute& attribute : token.attributes)
      out += " " + attribute.name + "=" + std::string(attribute.value);
    out += ">";
  }
  return out;
}

TEST(Tokenizer, TagsAndTexts) {
  EXPECT_EQ(tokens("<P>a<br/>b</P >c"), "<p>|a|<br>|b|</p>|c");
  EXPECT_EQ(tokens("a < b <= c <3 d<"), "a < b <= c <3 d|<");
  EXPECT_EQ(tokens("<<b>x"), "<|<b>|x");
}

TEST(Tokenizer, AttributesInEveryForm) {
  EXPECT_EQ(tokens("<a HREF='x>y' b=\"1 2\" c=d/e f g = h>t"), "<a href=x>y b=1 2 c=d/e f= g=h>|t");
  EXPECT_EQ(tokens("<a =x ''>t"), "<a =x= ''=>|t");
  EXPECT_EQ(tokens("<a/b/c=1>t"), "<a b= c=1>|t");
}

TEST(Tokenizer, WhatIsNotShownIsPassedOver) {
  EXPECT_EQ(tokens("<!doctype html>a<!-- <b> -- > -->b<!-->c<?php x ?>d</ x>e</>f"), "a|b|c|d|e|f");
}

TEST(Tokenizer, TextThatIsNoMarkup) {
  EXPECT_EQ(tokens("<script>if (a</b>c) '</scripty>'</SCRIPT >x"),
            "<script>|script:if (a</b>c) '</scripty>'|</script>|x");
  EXPECT_EQ(tokens("<title>a <b></title>x"), "<title>|title:a <b>|</title>|x");
  EXPECT_EQ(tokens("<style></style>x"), "<style>|</style>|x");
  EXPECT_EQ(tokens("<plaintext>a</plaintext>"), "<plaintext>|plaintext:a</plaintext>");
}

TEST(Tokenizer, WhatBreaksOffEnds) {
  for (const char* html : {"<", "</", "<a", "<a b", "<a b=", "<a b='", "<a b='c", "<!", "<!-", "<!--",
                           "<!-- -", "<script>", "<script>x", "</a", "<?", "<a b=c"}) {
    Tokenizer tokenizer(html);
    int count = 0;
    for (Token token; tokenizer.next(token);) ASSERT_LT(++count, 4) << html;
  }
}

}  // namespace
}  // namespace awl::html
