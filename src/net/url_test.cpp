#include "net/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::net {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Url, TakesApartAndPutsTogether) {
  const auto url = parse_url("https://Api.Example.com:8443/v1/messages?beta=true&x=%2F");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "api.example.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path, "/v1/messages");
  EXPECT_EQ(url->query, "beta=true&x=%2F");
  EXPECT_EQ(url->authority(), "api.example.com:8443");
  EXPECT_EQ(url->target(), "/v1/messages?beta=true&x=%2F");
  EXPECT_EQ(url->to_string(), "https://api.example.com:8443/v1/messages?beta=true&x=%2F");
}

TEST(Url, DefaultsOfTheScheme) {
  for (const char* text : {"https://h", "HTTPS://h:443/", "https://h:"}) {
    const auto url = parse_url(text);
    ASSERT_TRUE(url) << text;
    EXPECT_EQ(url->port, 443);
    EXPECT_TRUE(url->has_default_port());
    EXPECT_EQ(url->to_string(), "https://h/");
  }
  EXPECT_EQ(parse_url("http://h?a=1")->to_string(), "http://h/?a=1");
}

TEST(Url, LeavesPathAndQueryAlone) {
  for (const char* target :
       {"/a/../b/./c//d", "/a%2fb%2Fc", "/a|b{c}^`\"<>", "/?a=?/&b=[]", "/:@!$&'()*+,;="}) {
    const auto url = parse_url(std::string("http://h") + target);
    ASSERT_TRUE(url) << target;
    EXPECT_EQ(url->target(), target);
  }
  EXPECT_EQ(parse_url("http://h/a?b#fragment?c")->target(), "/a?b");
}

TEST(Url, AddressesInBrackets) {
  const auto url = parse_url("http://[::1]:8080/x");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->authority(), "[::1]:8080");
  EXPECT_EQ(parse_url("http://[FE80::1]/")->authority(), "[fe80::1]");
}

TEST(Url, RefusesWithASentence) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "scheme"},
      {"example.com/x", "scheme"},
      {"ftp://h/", "scheme"},
      {"http://", "host"},
      {"http:///x", "host"},
      {"http://:80/", "host"},
      {"http://h:0/", "port"},
      {"http://h:65536/", "port"},
      {"http://h:8a/", "port"},
      {"http://h:-1/", "port"},
      {"http://a b/", "space"},
      {"http://h/\r\nx: y", "control"},
      {"http://h/\x7f", "control"},
      {"http://h/\xC3\xA4", "ASCII"},
      {"http://u:p@h/", "user name"},
      {"http://[::1/", "\"]\""},
      {"http://[1.2]/", "IPv6"},
      {"http://[::1]x/", "port"},
      {"http://h\\x/", "host"},
      {"http://ex*mple/", "host"},
  };
  for (const auto& [text, problem] : cases) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().kind, ErrorKind::kInvalidInput);
    EXPECT_THAT(url.error().message, HasSubstr(problem)) << text;
    EXPECT_FALSE(url.error().hint.empty());
  }
}

TEST(Url, ErrorsShowNeitherPasswordNorQuery) {
  for (const char* text : {"http://u:hidden@h/", "ftp://u:hidden@h/", "http://h:x/?key=hidden", "hidden@h"}) {
    EXPECT_THAT(describe(parse_url(text).error()), Not(HasSubstr("hidden"))) << text;
  }
}

}  // namespace
}  // namespace awl::net
