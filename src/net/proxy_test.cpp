#include "net/proxy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ParseProxy, TakesCredentialsApartAndDecodesThem) {
  const auto proxy = parse_proxy("http://us%40er:p%40s%3As@proxy.corp:3128/");
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->url, "http://proxy.corp:3128");
  EXPECT_EQ(proxy->name(), "proxy.corp:3128");
  EXPECT_TRUE(proxy->has_credentials);
  EXPECT_EQ(proxy->user, "us@er");
  EXPECT_EQ(proxy->password.expose(), "p@s:s");
}

TEST(Proxy, APasswordThatIsNotEncodedIsNotShown) {
  for (const char* text :
       {"http://bob:Tr0ub4dor#3@proxy:8080", "http://bob:1234/x@proxy", "http://bob:a?b@proxy"}) {
    const auto proxy = parse_proxy(text);
    ASSERT_FALSE(proxy) << text;
    EXPECT_NE(describe(proxy.error()).find("percent-encoded"), std::string::npos);
    EXPECT_EQ(describe(proxy.error()).find("bob"), std::string::npos);
  }
}

TEST(ParseProxy, AnUnencodedAtSignBelongsToThePassword) {
  const auto proxy = parse_proxy("http://me:a@b@proxy:1");
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->password.expose(), "a@b");
  EXPECT_EQ(proxy->url, "http://proxy:1");
}

TEST(ParseProxy, DefaultPortsAndAddresses) {
  EXPECT_EQ(parse_proxy("http://proxy")->url, "http://proxy:80");
  EXPECT_EQ(parse_proxy("HTTPS://proxy")->url, "https://proxy:443");
  EXPECT_EQ(parse_proxy(" http://[::1]:3128 ")->url, "http://[::1]:3128");
}

TEST(ParseProxy, SaysWhatIsWrongWithoutThePassword) {
  EXPECT_THAT(parse_proxy("proxy.corp:3128").error().message, HasSubstr("scheme"));
  EXPECT_EQ(parse_proxy("socks5://proxy:1080").error().kind, ErrorKind::kUnsupported);
  for (const char* text :
       {"http://", "http://me:hidden@", "http://me:hidden@proxy:port", "ftp://me:hidden@proxy"}) {
    const auto proxy = parse_proxy(text);
    ASSERT_FALSE(proxy) << text;
    EXPECT_EQ(proxy.error().kind, ErrorKind::kInvalidInput);
    EXPECT_THAT(describe(proxy.error()), Not(HasSubstr("hidden"))) << text;
  }
}

bool covers(std::string_view list, const std::string& url) { return NoProxy(list).covers(*parse_url(url)); }

TEST(NoProxyList, HostsCoverTheirSubdomains) {
  EXPECT_TRUE(covers("example.com", "https://example.com/"));
  EXPECT_TRUE(covers("example.com", "https://api.EXAMPLE.com/"));
  EXPECT_TRUE(covers(".example.com", "https://api.example.com/"));
  EXPECT_TRUE(covers("*.example.com", "https://a.b.example.com/"));
  EXPECT_FALSE(covers("example.com", "https://badexample.com/"));
  EXPECT_FALSE(covers("api.example.com", "https://example.com/"));
}

TEST(NoProxyList, EntriesStandBetweenCommasOrSpaces) {
  for (const char* list : {"a.x,localhost,b.x", "a.x localhost b.x", " a.x , localhost ", ",,localhost"})
    EXPECT_TRUE(covers(list, "http://localhost:8080/")) << list;
  EXPECT_FALSE(covers("", "http://localhost/"));
  EXPECT_FALSE(covers(" , ", "http://localhost/"));
}

TEST(NoProxyList, AStarCoversEverything) {
  EXPECT_TRUE(covers("*", "https://example.com/"));
  EXPECT_TRUE(covers("a.x *", "https://[::1]/"));
}

TEST(NoProxyList, PortsMustBeEqual) {
  EXPECT_TRUE(covers("example.com:8443", "https://example.com:8443/"));
  EXPECT_FALSE(covers("example.com:8443", "https://example.com/"));
  EXPECT_TRUE(covers("[::1]:80", "http://[::1]/"));
  EXPECT_FALSE(covers("[::1]:80", "http://[::1]:81/"));
}

TEST(NoProxyList, AddressesAndNetworks) {
  EXPECT_TRUE(covers("127.0.0.1", "http://127.0.0.1:1/"));
  EXPECT_FALSE(covers("0.0.1", "http://127.0.0.1/"));
  EXPECT_TRUE(covers("10.0.0.0/8", "http://10.200.3.4/"));
  EXPECT_FALSE(covers("10.0.0.0/8", "http://11.0.0.1/"));
  EXPECT_TRUE(covers("192.168.128.0/17", "http://192.168.200.1/"));
  EXPECT_FALSE(covers("192.168.128.0/17", "http://192.168.1.1/"));
  EXPECT_FALSE(covers("10.0.0.0/99", "http://10.0.0.1/"));
  EXPECT_FALSE(covers("10.0.0.0/x", "http://10.0.0.1/"));
  EXPECT_TRUE(covers("::1", "http://[::1]/"));
  EXPECT_TRUE(covers("0:0:0:0:0:0:0:1", "http://[::1]/"));
  EXPECT_TRUE(covers("fd00::/8", "http://[fd12::7]/"));
  EXPECT_FALSE(covers("fd00::/8", "http://[fe12::7]/"));
  EXPECT_FALSE(covers("fd00::/8", "http://10.0.0.1/"));
}

}  // namespace
}  // namespace awl::net
