// For tests: an HTTP client without a network, which plays replies and keeps the requests.
#pragma once

#include <deque>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/timeout.h"
#include "net/http.h"

namespace awl::anthropic {

// The parts of a stream that says "Hi".
constexpr std::string_view kStart =
    "data: "
    "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"m\",\"usage\":{\"input_tokens\":3}"
    "}}\n\n";
constexpr std::string_view kText =
    "data: "
    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
    "data: "
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n";
constexpr std::string_view kStop = "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n";
constexpr std::string_view kEnd =
    "data: "
    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}"
    "\n\n"
    "data: {\"type\":\"message_stop\"}\n\n";

struct Reply {
  int status = 200;
  net::Headers headers;
  std::vector<std::string> chunks;
  bool breaks = false;   // the connection is lost after the chunks
  bool refused = false;  // there is no response at all
  bool stalls = false;   // after the chunks nothing comes, and the connection stays open
};

inline Reply stream(std::initializer_list<std::string_view> parts, bool breaks = false) {
  Reply reply;
  for (const std::string_view part : parts) reply.chunks.emplace_back(part);
  reply.breaks = breaks;
  return reply;
}

// An answer in one piece.
inline Reply whole(std::string_view body) {
  Reply reply;
  reply.headers = {{"content-type", "application/json"}};
  reply.chunks.emplace_back(body);
  return reply;
}
constexpr std::string_view kWholeHi =
    "{\"id\":\"msg_2\",\"type\":\"message\",\"model\":\"m\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}]"
    ","
    "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}";

class FakeResponse final : public net::HttpResponse {
 public:
  explicit FakeResponse(Reply reply) : reply_(std::move(reply)), head_{reply_.status, reply_.headers} {}
  const net::HttpResponseHead& head() const override { return head_; }
  Task<Result<std::optional<std::string>>> read() override {
    if (next_ < reply_.chunks.size()) co_return reply_.chunks[next_++];
    if (reply_.stalls) co_await async::sleep_for(std::chrono::hours(1));
    if (reply_.breaks) co_return fail(ErrorKind::kNetwork, "the connection was lost");
    co_return std::nullopt;
  }

 private:
  Reply reply_;
  net::HttpResponseHead head_;
  size_t next_ = 0;
};

class FakeHttp final : public net::HttpClient {
 public:
  Task<Result<std::unique_ptr<net::HttpResponse>>> send(net::HttpRequest request) override {
    requests.push_back(std::move(request));
    Reply reply = replies.size() > 1 ? std::move(replies.front()) : replies.front();
    if (replies.size() > 1) replies.pop_front();
    if (reply.refused) co_return fail(refusal, "connection refused");
    co_return std::make_unique<FakeResponse>(std::move(reply));
  }
  std::deque<Reply> replies;  // the last one is repeated
  std::vector<net::HttpRequest> requests;
  ErrorKind refusal = ErrorKind::kNetwork;
};

}  // namespace awl::anthropic
