#include "emulator/faulty_response.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "async/timeout.h"
#include "json/json.h"

namespace awl::emulator {

namespace {

using Kind = Fault::Kind;

constexpr std::string_view kMalformedEvent =
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\n\n";

std::unexpected<Error> gone() { return fail(ErrorKind::kNetwork, "a fault closed the connection"); }

json::Value error_json(const Fault& fault) {
  return {{"type", "error"},
          {"error",
           {{"type", fault.error_type.empty() ? "overloaded_error" : fault.error_type},
            {"message", fault.message.empty() ? "Overloaded" : fault.message}}}};
}

}  // namespace

std::string error_event(const Fault& fault) {
  return fmt::format("event: error\ndata: {}\n\n", json::dump(error_json(fault)));
}

bool FaultyResponse::counts_events() const {
  return is(Kind::kCut) || is(Kind::kResetAfter) || is(Kind::kStall) || is(Kind::kMalformed) ||
         is(Kind::kErrorEvent);
}

Task<Result<>> FaultyResponse::respond(int status, net::Headers headers, std::string body) {
  if (is(Kind::kWrongType)) net::set_header(headers, "content-type", "text/plain; charset=utf-8");
  if (is(Kind::kEmptyBody)) body.clear();
  if (is(Kind::kMalformed)) body.resize(body.size() / 2);
  if (is(Kind::kErrorEvent)) {
    status = 529;
    body = json::dump(error_json(*fault_));
  }
  if (!is(Kind::kCut) && !is(Kind::kResetAfter) && !is(Kind::kStall)) {
    Result<> sent = co_await inner_.respond(status, std::move(headers), std::move(body));
    co_return sent;
  }
  Result<> started = co_await inner_.start(status, std::move(headers));
  if (!started) co_return started;
  body.resize(body.size() / 2);
  Result<> written = co_await inner_.write(body);
  if (!written) co_return written;
  Result<> struck = co_await strike("");
  co_return struck;
}

Task<Result<>> FaultyResponse::start(int status, net::Headers headers) {
  if (is(Kind::kWrongType)) net::set_header(headers, "content-type", "text/plain; charset=utf-8");
  Result<> started = co_await inner_.start(status, std::move(headers));
  co_return started;
}

Task<Result<>> FaultyResponse::write(std::string_view bytes) {
  if (is_over_) co_return gone();
  if (is(Kind::kEmptyBody)) co_return Result<>();
  if (!counts_events()) {
    Result<> written = co_await inner_.write(bytes);
    co_return written;
  }
  held_ += bytes;
  for (size_t end = held_.find("\n\n"); end != std::string::npos; end = held_.find("\n\n")) {
    std::string event = held_.substr(0, end + 2);
    held_.erase(0, end + 2);
    Result<> passed = co_await pass(std::move(event));
    if (!passed) co_return passed;
  }
  co_return Result<>();
}

Task<Result<>> FaultyResponse::finish() {
  if (is_over_ || held_.empty()) co_return Result<>();
  std::string rest = std::exchange(held_, {});
  Result<> passed = co_await pass(std::move(rest));
  co_return passed;
}

Task<Result<>> FaultyResponse::pass(std::string event) {
  if (events_++ == fault_->after_events) {
    Result<> struck = co_await strike(std::move(event));
    co_return struck;
  }
  Result<> written = co_await inner_.write(event);
  co_return written;
}

Task<Result<>> FaultyResponse::strike(std::string event) {
  if (is(Kind::kMalformed)) {
    const std::string both = std::string(kMalformedEvent) + event;
    Result<> written = co_await inner_.write(both);
    co_return written;
  }
  is_over_ = true;
  if (is(Kind::kErrorEvent)) {
    const std::string last = error_event(*fault_);
    std::ignore = co_await inner_.write(last);
  }
  if (is(Kind::kStall)) co_await async::sleep_for(fault_->hold);
  if (is(Kind::kResetAfter)) inner_.reset();
  if (is(Kind::kCut) || is(Kind::kStall)) inner_.abort();
  co_return gone();
}

}  // namespace awl::emulator
