#include "net/curl_client.h"

#include <algorithm>

#include "net/curl_exchange.h"
#include "net/curl_worker.h"
#include "net/url.h"

namespace awl::net {

namespace {

class CurlResponse : public HttpResponse {
 public:
  CurlResponse(std::shared_ptr<CurlWorker> worker, const Executor& loop)
      : worker_(std::move(worker)), arrived_(std::make_shared<async::Event>(loop)) {}
  ~CurlResponse() override {
    if (exchange_ && !exchange_->is_over()) worker_->abort(exchange_);
  }
  CurlResponse(const CurlResponse&) = delete;
  CurlResponse& operator=(const CurlResponse&) = delete;

  Task<Result<>> begin(HttpRequest request, Url url, size_t max_buffered_bytes, Executor loop) {
    exchange_ = std::make_shared<CurlExchange>(std::move(request), std::move(url), max_buffered_bytes,
                                               std::move(loop), arrived_);
    worker_->submit(exchange_);
    for (;;) {
      if (auto head = exchange_->take_head()) {
        AWL_CO_TRY(head_, std::move(*head));
        co_return Result<>();
      }
      co_await arrived_->wait();
    }
  }

  const HttpResponseHead& head() const override { return head_; }

  Task<Result<std::optional<std::string>>> read() override {
    for (;;) {
      if (auto next = exchange_->take_piece()) {
        AWL_CO_TRY(auto piece, std::move(*next));
        if (piece.resume) worker_->resume(exchange_);
        co_return std::move(piece.bytes);
      }
      co_await arrived_->wait();
    }
  }

 private:
  std::shared_ptr<CurlWorker> worker_;
  std::shared_ptr<async::Event> arrived_;
  std::shared_ptr<CurlExchange> exchange_;
  HttpResponseHead head_;
};

bool is_method(std::string_view method) {
  return !method.empty() && std::ranges::all_of(method, [](char c) { return c >= 'A' && c <= 'Z'; });
}

class Client : public CurlClient {
 public:
  Client(Executor loop, CurlClientOptions options)
      : loop_(std::move(loop)),
        max_buffered_bytes_(options.max_buffered_bytes),
        worker_(std::make_shared<CurlWorker>(std::move(options))) {}
  // Responses may outlive the client and hold the worker; its thread ends here nevertheless.
  ~Client() override { worker_->stop(); }

  void warm_up() override { worker_->start(); }

  Task<Result<std::unique_ptr<HttpResponse>>> send(HttpRequest request) override {
    AWL_CO_TRY(Url url, parse_url(request.url));
    AWL_CO_CHECK(check_headers(request.headers));
    if (!is_method(request.method)) {
      co_return fail(ErrorKind::kInvalidInput, "the HTTP method is not a word in capital letters");
    }
    auto response = std::make_unique<CurlResponse>(worker_, loop_);
    auto begun = co_await response->begin(std::move(request), std::move(url), max_buffered_bytes_, loop_);
    AWL_CO_CHECK(std::move(begun));
    co_return std::unique_ptr<HttpResponse>(std::move(response));
  }

 private:
  Executor loop_;
  size_t max_buffered_bytes_;
  std::shared_ptr<CurlWorker> worker_;
};

}  // namespace

std::unique_ptr<CurlClient> make_curl_client(Executor loop, CurlClientOptions options) {
  return std::make_unique<Client>(std::move(loop), std::move(options));
}

}  // namespace awl::net
