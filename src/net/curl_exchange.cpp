#include "net/curl_exchange.h"

#include <boost/asio/post.hpp>

namespace awl::net {

CurlExchange::CurlExchange(HttpRequest request, Url url, size_t max_buffered_bytes, Executor loop,
                           std::weak_ptr<async::Event> reader)
    : request_(std::move(request)),
      url_(std::move(url)),
      max_buffered_bytes_(max_buffered_bytes),
      loop_(std::move(loop)),
      reader_(std::move(reader)) {}

void CurlExchange::deliver_head(HttpResponseHead head) {
  const std::lock_guard lock(mutex_);
  head_ = std::move(head);
}

bool CurlExchange::deliver_piece(std::string_view piece) {
  const std::lock_guard lock(mutex_);
  if (!buffer_.empty() && buffer_.size() + piece.size() > max_buffered_bytes_) {
    paused_ = true;
    return false;
  }
  buffer_ += piece;
  return true;
}

void CurlExchange::notify() {
  std::unique_lock lock(mutex_);
  if (head_ || !buffer_.empty()) wake_reader(std::move(lock));
}

void CurlExchange::end() {
  std::unique_lock lock(mutex_);
  over_ = true;
  wake_reader(std::move(lock));
}

void CurlExchange::fail(Error error) {
  std::unique_lock lock(mutex_);
  over_ = true;
  error_ = std::move(error);
  wake_reader(std::move(lock));
}

std::optional<Result<HttpResponseHead>> CurlExchange::take_head() {
  const std::lock_guard lock(mutex_);
  if (head_) {
    HttpResponseHead head = std::move(*head_);
    head_.reset();
    return head;
  }
  if (error_) return std::unexpected(*error_);
  reader_waits_ = true;
  return std::nullopt;
}

std::optional<Result<CurlExchange::Piece>> CurlExchange::take_piece() {
  const std::lock_guard lock(mutex_);
  if (!buffer_.empty()) return Piece{std::exchange(buffer_, {}), std::exchange(paused_, false)};
  if (error_) return std::unexpected(*error_);
  if (over_) return Piece{};
  reader_waits_ = true;
  return std::nullopt;
}

bool CurlExchange::is_over() const {
  const std::lock_guard lock(mutex_);
  return over_;
}

void CurlExchange::wake_reader(std::unique_lock<std::mutex> lock) {
  if (!std::exchange(reader_waits_, false)) return;
  lock.unlock();
  // The loop may be gone from the reader's view by then: only the loop itself turns the weak reference into
  // one.
  boost::asio::post(loop_, [reader = reader_] {
    if (const auto event = reader.lock()) event->notify_all();
  });
}

}  // namespace awl::net
