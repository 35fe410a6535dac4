#include "net/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "net/curl_error.h"

namespace awl::net {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Headers, NamesCompareWithoutCase) {
  Headers headers{{"Content-Type", "a"}, {"X", "1"}, {"x", "2"}};
  ASSERT_TRUE(find_header(headers, "content-type"));
  EXPECT_EQ(*find_header(headers, "X"), "1");
  EXPECT_EQ(find_header(headers, "y"), nullptr);
  set_header(headers, "CONTENT-TYPE", "b");
  set_header(headers, "y", "3");
  EXPECT_EQ(headers, (Headers{{"Content-Type", "b"}, {"X", "1"}, {"x", "2"}, {"y", "3"}}));
}

TEST(Headers, WhatCannotBeSentIsRefused) {
  EXPECT_TRUE(check_headers({{"X-Name", "any text; even \xC3\xA4"}, {"empty", ""}}));
  for (const Header& header :
       Headers{{"", "a"}, {"a b", "c"}, {"a:", "c"}, {"a\n", "c"}, {"a", "b\r\nc: d"}, {"a", "b\n"}}) {
    const auto checked = check_headers({header});
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().kind, ErrorKind::kInvalidInput);
  }
}

class FakeResponse : public HttpResponse {
 public:
  explicit FakeResponse(std::vector<Result<std::optional<std::string>>> pieces)
      : pieces_(std::move(pieces)) {}
  const HttpResponseHead& head() const override { return head_; }
  Task<Result<std::optional<std::string>>> read() override { co_return pieces_.at(next_++); }

 private:
  HttpResponseHead head_;
  std::vector<Result<std::optional<std::string>>> pieces_;
  size_t next_ = 0;
};

Result<std::string> read_all_of(std::vector<Result<std::optional<std::string>>> pieces, size_t max_bytes) {
  boost::asio::io_context io;
  FakeResponse response(std::move(pieces));
  Result<std::string> result;
  boost::asio::co_spawn(io, read_all(response, max_bytes),
                        [&](const std::exception_ptr& failure, Result<std::string> r) {
                          EXPECT_FALSE(failure);
                          result = std::move(r);
                        });
  io.run();
  return result;
}

TEST(ReadAll, JoinsThePieces) {
  EXPECT_EQ(read_all_of({"ab", "", "cd", std::nullopt}, 4), "abcd");
  EXPECT_EQ(read_all_of({std::nullopt}, 0), "");
}

TEST(ReadAll, StopsAtTheBoundAndAtErrors) {
  EXPECT_EQ(read_all_of({"ab", "cd", std::nullopt}, 3).error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(read_all_of({"ab", fail(ErrorKind::kNetwork, "gone")}, 3).error().kind, ErrorKind::kNetwork);
}

Error failure_of(CURLcode code, std::string cause, bool was_connected = false,
                 const std::string& proxy = "") {
  CurlFailure failure;
  failure.code = code;
  failure.cause = std::move(cause);
  failure.was_connected = was_connected;
  CurlClientOptions options;
  if (!proxy.empty()) options.proxy = *parse_proxy(proxy);
  return describe_failure(failure, {}, *parse_url("https://api.example/x?token=hidden"), options);
}

TEST(CurlErrors, NameHostAndCause) {
  const auto refused = failure_of(CURLE_COULDNT_CONNECT, "Connection refused");
  EXPECT_EQ(refused.kind, ErrorKind::kNetwork);
  EXPECT_EQ(refused.message, "cannot connect to api.example:443: Connection refused");
  const auto untrusted = failure_of(CURLE_PEER_FAILED_VERIFICATION, "self-signed certificate");
  EXPECT_THAT(untrusted.message, AllOf(HasSubstr("api.example:443"), HasSubstr("self-signed certificate")));
  const auto other = failure_of(CURLE_BAD_FUNCTION_ARGUMENT, "too large");
  EXPECT_THAT(other.message,
              AllOf(HasSubstr("api.example:443"), HasSubstr("too large"), Not(HasSubstr("hidden"))));
}

TEST(CurlErrors, TimeoutsTellTheirPhase) {
  EXPECT_EQ(failure_of(CURLE_OPERATION_TIMEDOUT, "").kind, ErrorKind::kTimeout);
  EXPECT_THAT(failure_of(CURLE_OPERATION_TIMEDOUT, "").message, HasSubstr("no connection"));
  EXPECT_THAT(failure_of(CURLE_OPERATION_TIMEDOUT, "", true).message, HasSubstr("600000 ms"));
}

TEST(CurlErrors, TheProxyIsNamedWithoutItsPassword) {
  const auto error = failure_of(CURLE_COULDNT_CONNECT, "Failed", false, "http://user:hidden@proxy.corp:3128");
  EXPECT_THAT(error.message, AllOf(HasSubstr("(proxy proxy.corp:3128)"), Not(HasSubstr("hidden"))));
}

}  // namespace
}  // namespace awl::net
