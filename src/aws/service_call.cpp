#include "aws/service_call.h"

#include <fmt/format.h>

#include <utility>

#include "async/timeout.h"

namespace awl::aws {

namespace {

Task<Result<ServiceReply>> attempt(net::HttpClient& http, net::HttpRequest request, size_t max_body_bytes) {
  auto sent = co_await http.send(std::move(request));
  AWL_CO_TRY(const std::unique_ptr<net::HttpResponse> response, std::move(sent));
  auto body = co_await net::read_all(*response, max_body_bytes);
  AWL_CO_TRY(std::string text, std::move(body));
  co_return ServiceReply{response->head().status, response->head().headers, std::move(text)};
}

bool may_pass(const Error& error) {
  return error.kind == ErrorKind::kNetwork || error.kind == ErrorKind::kTimeout;
}

bool may_pass(const ServiceReply& reply) { return reply.status == 429 || reply.status >= 500; }

}  // namespace

Task<Result<ServiceReply>> call_service(net::HttpClient& http, std::function<net::HttpRequest()> make_request,
                                        std::string what, CallLimits limits) {
  std::chrono::milliseconds pause = limits.first_pause;
  for (int number = 1;; ++number) {
    net::HttpRequest request = make_request();
    request.connect_timeout = limits.connect_timeout;
    request.total_timeout = limits.attempt_timeout;
    auto reply = co_await attempt(http, std::move(request), limits.max_body_bytes);
    const bool again = reply ? may_pass(*reply) : may_pass(reply.error());
    if (!again || number >= limits.attempts) {
      if (!reply) reply.error().message = fmt::format("{} cannot be asked: {}", what, reply.error().message);
      co_return reply;
    }
    co_await async::sleep_for(pause);
    pause *= 2;
  }
}

}  // namespace awl::aws
