#include "emulator/relay.h"

#include <gtest/gtest.h>

namespace awl::emulator {
namespace {

TEST(UpstreamHeaders, CredentialsOfTheClientStayHere) {
  const net::Headers received = {{"Host", "127.0.0.1:8787"},
                                 {"Authorization", "AWS4-HMAC-SHA256 x"},
                                 {"X-Amz-Date", "d"},
                                 {"x-api-key", "mine"},
                                 {"Cookie", "c"},
                                 {"anthropic-workspace-id", "wrkspc_1"},
                                 {"anthropic-version", "2023-06-01"},
                                 {"anthropic-beta", "a,b"},
                                 {"Connection", "keep-alive"},
                                 {"content-length", "7"},
                                 {"accept-encoding", "br"}};
  const Upstream upstream{.url = "http://h", .api_key = Secret("theirs"), .bearer = {}};
  EXPECT_EQ(upstream_headers(upstream, received), (net::Headers{{"anthropic-version", "2023-06-01"},
                                                                {"anthropic-beta", "a,b"},
                                                                {"accept-encoding", "identity"},
                                                                {"x-api-key", "theirs"}}));
  const Upstream bearer{.url = "http://h", .api_key = {}, .bearer = Secret("t")};
  EXPECT_EQ(upstream_headers(bearer, {}).back(), (net::Header{"authorization", "Bearer t"}));
}

TEST(DownstreamHeaders, OursStayAndTheirsFollow) {
  const net::Headers own = {{"request-id", "req_ours"}};
  const net::Headers received = {{"Request-Id", "req_theirs"},
                                 {"Content-Type", "application/json"},
                                 {"Transfer-Encoding", "chunked"},
                                 {"Set-Cookie", "c"},
                                 {"retry-after", "3"}};
  EXPECT_EQ(downstream_headers(received, own), (net::Headers{{"request-id", "req_ours"},
                                                             {"x-upstream-request-id", "req_theirs"},
                                                             {"content-type", "application/json"},
                                                             {"retry-after", "3"}}));
}

TEST(CheckUpstream, WantsAUrlWithoutQuery) {
  EXPECT_TRUE(check_upstream({.url = "https://host/prefix"}));
  EXPECT_FALSE(check_upstream({.url = "ftp://host"}));
  EXPECT_FALSE(check_upstream({.url = "https://host/?a=1"}));
}

}  // namespace
}  // namespace awl::emulator
