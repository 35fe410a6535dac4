#include "net/download.h"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>

namespace awl::net {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Page {
  int status = 200;
  Headers headers;
  std::string body;
};

class PlayedResponse final : public HttpResponse {
 public:
  explicit PlayedResponse(Page page) : head_{page.status, page.headers}, body_(std::move(page.body)) {}
  const HttpResponseHead& head() const override { return head_; }
  Task<Result<std::optional<std::string>>> read() override { co_return std::exchange(body_, std::nullopt); }

 private:
  HttpResponseHead head_;
  std::optional<std::string> body_;
};

class PlayedServer final : public HttpClient {
 public:
  Task<Result<std::unique_ptr<HttpResponse>>> send(HttpRequest request) override {
    asked.push_back(request.url);
    reach = request.reach;
    co_return std::make_unique<PlayedResponse>(pages[request.url]);
  }
  std::map<std::string, Page> pages;
  std::vector<std::string> asked;
  AddressReach reach = AddressReach::kAnywhere;
};

class DownloadTest : public testing::Test {
 protected:
  Result<std::string> get(const std::string& url, DownloadOptions options = {}) {
    boost::asio::io_context io(1);
    std::optional<Result<std::string>> got;
    boost::asio::co_spawn(io, download(server_, url, std::move(options)),
                          [&](const std::exception_ptr& failure, Result<std::string> result) {
                            EXPECT_FALSE(failure);
                            got = std::move(result);
                          });
    io.run();
    return *got;
  }
  std::string refusal(const std::string& url, DownloadOptions options = {}) {
    const auto got = get(url, std::move(options));
    return got ? "" : got.error().message;
  }

  PlayedServer server_;
};

TEST_F(DownloadTest, RedirectsAreFollowed) {
  server_.pages["https://a.example/x.zip"] = {302, {{"location", "https://b.example/y?signed=1"}}, ""};
  server_.pages["https://b.example/y?signed=1"] = {307, {{"location", "/z"}}, ""};
  server_.pages["https://b.example/z"] = {200, {}, "bytes"};
  EXPECT_EQ(get("https://a.example/x.zip").value(), "bytes");
  EXPECT_THAT(server_.asked,
              ElementsAre("https://a.example/x.zip", "https://b.example/y?signed=1", "https://b.example/z"));
}

TEST_F(DownloadTest, OnlyHttpsOrThisMachine) {
  EXPECT_THAT(refusal("http://a.example/x.zip"), HasSubstr("is not https"));
  server_.pages["https://a.example/x.zip"] = {302, {{"location", "http://a.example/y.zip"}}, ""};
  EXPECT_THAT(refusal("https://a.example/x.zip"), HasSubstr("http://a.example/y.zip is not https"));
  server_.pages["http://127.0.0.1:8000/x.zip"] = {200, {}, "here"};
  EXPECT_EQ(get("http://127.0.0.1:8000/x.zip").value(), "here");
}

TEST_F(DownloadTest, PublicMeansPublic) {
  for (const char* host :
       {"localhost", "127.0.0.1", "0x7f.1", "10.0.0.1", "169.254.169.254", "[::1]", "[fd00::1]"}) {
    EXPECT_THAT(refusal(std::string("https://") + host + "/x.zip", {.is_public = true}),
                HasSubstr("public network"));
  }
  EXPECT_TRUE(server_.asked.empty());
  EXPECT_THAT(refusal("http://a.example/x.zip", {.is_public = true}), HasSubstr("is not https"));
  server_.pages["https://a.example/x.zip"] = {200, {}, "bytes"};
  EXPECT_TRUE(get("https://a.example/x.zip", {.is_public = true}));
  EXPECT_EQ(server_.reach, AddressReach::kPublic);
}

TEST_F(DownloadTest, WhatFailsIsSaidWithoutTheQuery) {
  server_.pages["https://a.example/x?key=secret"] = {403, {}, ""};
  EXPECT_EQ(refusal("https://a.example/x?key=secret"), "https://a.example/x answered with HTTP status 403");
  server_.pages["https://a.example/large"] = {200, {}, std::string(2'000'000, 'x')};
  EXPECT_THAT(refusal("https://a.example/large", {.max_bytes = 1 << 20}), HasSubstr("more than 1 MB"));
  server_.pages["https://a.example/loop"] = {302, {{"location", "/loop"}}, ""};
  EXPECT_THAT(refusal("https://a.example/loop"), HasSubstr("more than 5 times"));
}

}  // namespace
}  // namespace awl::net
