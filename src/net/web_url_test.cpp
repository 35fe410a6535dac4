#include "net/web_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::net {
namespace {

using testing::HasSubstr;

std::string host(std::string_view text) { return canonical_host(text).value_or("(refused)"); }
std::string url(std::string_view text) {
  const auto parsed = parse_web_url(text);
  return parsed ? parsed->to_string() : "(refused)";
}

TEST(CanonicalHost, NamesHaveOneSpelling) {
  EXPECT_EQ(host("Example.COM"), "example.com");
  EXPECT_EQ(host("example.com."), "example.com");
  EXPECT_EQ(host("B\xC3\xBC"
                 "cher.de"),
            "xn--bcher-kva.de");
  EXPECT_EQ(host("b\xC3\xBC"
                 "cher.de"),
            "xn--bcher-kva.de");
  EXPECT_EQ(host("my_host-1"), "my_host-1");
  EXPECT_EQ(host("1.example"), "1.example");
}

TEST(CanonicalHost, NumbersAreAddresses) {
  for (const char* text :
       {"127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
        "127.0.0.1.", "0X7F.0x0.0x0.0x1", "\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.0.0.1"}) {
    EXPECT_EQ(host(text), "127.0.0.1") << text;
  }
  EXPECT_EQ(host("0xa9fea9fe"), "169.254.169.254");
  EXPECT_EQ(host("[0:0:0:0:0:FFFF:7F00:1]"), "::ffff:127.0.0.1");
  EXPECT_EQ(host("[FD00:EC2::254]"), "fd00:ec2::254");
}

TEST(CanonicalHost, WhatIsNoHostIsRefused) {
  for (const char* text :
       {"", ".", "..", "a..b", "256.1.1.1", "1.2.3.4.5", "4294967296", "1.2.3.08", "a.b.1", "[::1",
        "[fe80::1%25eth0]", "[1.2.3.4]", "ex*mple", "a b", "a/b", "a%2eb", "a\\b"}) {
    EXPECT_EQ(host(text), "(refused)") << text;
  }
  EXPECT_EQ(host(std::string_view("local\0host", 10)), "(refused)");
  EXPECT_EQ(host(std::string(64, 'a') + ".com"), "(refused)");
  EXPECT_EQ(host("\xFF.de"), "(refused)");
}

TEST(WebUrl, IsEncodedAndCanonical) {
  EXPECT_EQ(url(" HTTPS://Example.com./a b?q=\xC3\xA4#part "), "https://example.com/a%20b?q=%C3%A4");
  EXPECT_EQ(url("http://0x7f.1:8080"), "http://127.0.0.1:8080/");
  EXPECT_EQ(url("http://[::1]:80/x"), "http://[::1]/x");
  EXPECT_EQ(url("https://h/a%20b/%zz"), "https://h/a%20b/%zz");
  EXPECT_EQ(url("https://h?x"), "https://h/?x");
}

TEST(WebUrl, RefusesWhatHidesAHost) {
  for (const char* text :
       {"example.com", "ftp://h/", "file:///etc/passwd", "https://", "https://user@h/",
        "https://a.com\\@b.com/", "https://h%2eexample/", "https://h:99999/", "https://h\n.com/",
        "https://a.com:80@b.com/", "https://[::1]x/", "javascript:alert(1)"}) {
    EXPECT_EQ(url(text), "(refused)") << text;
  }
  EXPECT_EQ(url(std::string_view("https://h\0.evil/", 16)), "(refused)");
  EXPECT_EQ(url("https://h/" + std::string(2000, 'a')), "(refused)");
  EXPECT_THAT(parse_web_url("example.com").error().message, HasSubstr("no scheme"));
}

TEST(WebUrl, ReferencesOfAPage) {
  const Url base = *parse_web_url("https://h.example/a/b/c?q=1");
  const std::pair<const char*, const char*> cases[] = {
      {"d", "https://h.example/a/b/d"},
      {"./d?x=1#f", "https://h.example/a/b/d?x=1"},
      {"../d", "https://h.example/a/d"},
      {"../../../d", "https://h.example/d"},
      {"/d/./e/..", "https://h.example/d/"},
      {"?y", "https://h.example/a/b/c?y"},
      {"#f", "https://h.example/a/b/c?q=1"},
      {"", "https://h.example/a/b/c?q=1"},
      {"//other.example/x", "https://other.example/x"},
      {"http://Other.example", "http://other.example/"},
      {"a:b/c", "(refused)"},
      {"javascript:alert(1)", "(refused)"},
      {"mailto:x@y.z", "(refused)"},
      {"d e", "https://h.example/a/b/d%20e"},
  };
  for (const auto& [reference, wanted] : cases) {
    const auto resolved = resolve_reference(base, reference);
    EXPECT_EQ(resolved ? resolved->to_string() : "(refused)", wanted) << reference;
  }
}

TEST(WebUrl, LoopbackHosts) {
  for (const char* text : {"localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback_host(text)) << text;
  for (const char* text : {"localhost.com", "10.0.0.1", "notlocalhost", "0.0.0.0"})
    EXPECT_FALSE(is_loopback_host(text)) << text;
}

}  // namespace
}  // namespace awl::net
