// A client of the emulator, for its integration tests.
#pragma once

#include <memory>
#include <string>

#include "async/task.h"
#include "aws/sigv4.h"
#include "base/clock.h"
#include "net/http.h"

namespace awl::emulator::testing {

inline constexpr size_t kMaxBody = 16 << 20;
inline constexpr const char* kWorkspace = "wrkspc_01ABCDEFGHIJKLMN";
inline constexpr const char* kAsk =
    R"({"model":"claude-opus-5","max_tokens":64,"stream":true,"messages":[{"role":"user","content":"hi"}]})";

struct Answer {
  int status = 0;
  net::Headers headers;
  std::string body;
  std::string broken;  ///< why the body ended early
};

inline net::HttpRequest request_to(const std::string& base, std::string body) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = base + "/v1/messages?beta=true";
  request.headers = {{"host", base.substr(7)},
                     {"content-type", "application/json"},
                     {"anthropic-version", "2023-06-01"},
                     {"anthropic-workspace-id", kWorkspace}};
  request.body = std::move(body);
  return request;
}

struct SignOptions {
  std::string region = "us-east-1";
  std::string service = "aws-external-anthropic";
  TimePoint date = system_clock_now();
};

inline void sign(net::HttpRequest& request, const aws::Credentials& key, const SignOptions& options = {}) {
  const std::string_view target = std::string_view(request.url).substr(request.url.find('/', 7));
  const size_t question = target.find('?');
  aws::Signable signable;
  signable.method = request.method;
  signable.path = std::string(target.substr(0, question));
  if (question != std::string_view::npos) signable.query = std::string(target.substr(question + 1));
  for (const net::Header& header : request.headers) signable.headers.emplace_back(header.name, header.value);
  signable.body = request.body;
  aws::SigningConfig config;
  config.region = options.region;
  config.service = options.service;
  config.date = options.date;
  for (auto& [name, value] : aws::sign(signable, config, key).headers_to_add) {
    net::set_header(request.headers, name, value);
  }
}

inline Task<Answer> exchange(net::HttpClient& client, net::HttpRequest request) {
  Answer answer;
  auto sent = co_await client.send(std::move(request));
  if (!sent) {
    answer.broken = describe(sent.error());
    co_return answer;
  }
  const std::unique_ptr<net::HttpResponse> response = std::move(*sent);
  answer.status = response->head().status;
  answer.headers = response->head().headers;
  while (answer.body.size() < kMaxBody) {
    auto piece = co_await response->read();
    if (!piece) answer.broken = describe(piece.error());
    if (!piece || !*piece) break;
    answer.body += **piece;
  }
  co_return answer;
}

}  // namespace awl::emulator::testing
