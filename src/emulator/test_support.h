// Shared by the emulator's unit tests: a signed request and a response that is kept.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <string>
#include <vector>

#include "aws/sigv4.h"
#include "emulator/config.h"
#include "net/http_server.h"

namespace awl::emulator::testing {

inline const TimePoint kNow =
    std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) + std::chrono::seconds(11'045);
inline constexpr std::string_view kWorkspace = "wrkspc_01ABCDEFGHIJKLMN";

inline aws::Credentials make_key(std::string id, std::string secret, std::string token = "") {
  aws::Credentials key;
  key.access_key_id = std::move(id);
  key.secret_access_key = Secret(std::move(secret));
  key.session_token = Secret(std::move(token));
  return key;
}

/// One long-term key, one with a session token, an API key and a bearer token.
inline Config make_config() {
  Config config;
  config.workspaces = {std::string(kWorkspace)};
  config.access_keys = {make_key("AKIDLONG", "long-secret"),
                        make_key("AKIDTOKEN", "token-secret", "the-token")};
  config.api_keys.emplace_back("sk-ant-good");
  config.bearer_tokens.emplace_back("bearer-good");
  return config;
}

inline net::ServerRequest make_request(std::string body) {
  net::ServerRequest request;
  request.method = "POST";
  request.target = "/v1/messages?beta=true";
  request.headers = {{"Host", "127.0.0.1:8787"},
                     {"content-type", "application/json"},
                     {"anthropic-version", "2023-06-01"},
                     {"anthropic-workspace-id", std::string(kWorkspace)}};
  request.body = std::move(body);
  return request;
}

struct SignOptions {
  std::string region = "us-east-1";
  std::string service = "aws-external-anthropic";
  TimePoint date = kNow;
};

/// Signs every header that the request has.
inline void sign(net::ServerRequest& request, const aws::Credentials& key, const SignOptions& options = {}) {
  aws::Signable signable;
  const size_t question = request.target.find('?');
  signable.method = request.method;
  signable.path = request.target.substr(0, question);
  if (question != std::string::npos) signable.query = request.target.substr(question + 1);
  for (const net::Header& header : request.headers) signable.headers.emplace_back(header.name, header.value);
  signable.body = request.body;
  aws::SigningConfig config;
  config.region = options.region;
  config.service = options.service;
  config.date = options.date;
  for (auto& [name, value] : aws::sign(signable, config, key).headers_to_add)
    net::set_header(request.headers, name, value);
}

/// Keeps what is written, in memory.
class FakeResponse : public net::ResponseWriter {
 public:
  Task<Result<>> respond(int code, net::Headers fields, std::string text) override {
    status = code;
    headers = std::move(fields);
    body = std::move(text);
    co_return Result<>();
  }
  Task<Result<>> start(int code, net::Headers fields) override {
    status = code;
    headers = std::move(fields);
    co_return Result<>();
  }
  Task<Result<>> write(std::string_view bytes) override {
    ++writes;
    body += bytes;
    co_return Result<>();
  }
  void abort() override { aborted = true; }
  void reset() override { was_reset = true; }

  std::string header(std::string_view name) const {
    const std::string* value = net::find_header(headers, name);
    return value == nullptr ? "" : *value;
  }

  int status = 0;
  net::Headers headers;
  std::string body;
  size_t writes = 0;
  bool aborted = false;
  bool was_reset = false;
};

inline FakeResponse serve(net::HttpHandler& handler, const net::ServerRequest& request) {
  boost::asio::io_context loop;
  FakeResponse response;
  std::exception_ptr failure;
  boost::asio::co_spawn(loop, handler.handle(request, response),
                        [&](std::exception_ptr error) { failure = error; });
  loop.run();
  if (failure) std::rethrow_exception(failure);
  return response;
}

}  // namespace awl::emulator::testing
