// One request and its response, shared by the loop and the curl thread. Knows nothing of libcurl.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "async/event.h"
#include "net/http.h"
#include "net/url.h"

namespace awl::net {

/// The curl thread puts head, pieces of the body and the outcome in; the loop takes them out. The loop is
/// woken only when it waits, so what arrives while it is busy costs no wake-up. Either thread may hold the
/// last reference.
class CurlExchange {
 public:
  /// `reader` lives on the loop and is notified there; what it is not alive for is dropped.
  CurlExchange(HttpRequest request, Url url, size_t max_buffered_bytes, Executor loop,
               std::weak_ptr<async::Event> reader);

  const HttpRequest& request() const { return request_; }
  const Url& url() const { return url_; }

  // From the curl thread (fail() also from the loop, before the curl thread knows the exchange):
  void deliver_head(HttpResponseHead head);
  /// False when the buffer is full: nothing is taken, and the next take_piece() asks for more.
  bool deliver_piece(std::string_view piece);
  /// Wakes the reader for what was delivered: once for all that one round of libcurl brought.
  void notify();
  /// The outcome; wakes the reader.
  void end();
  void fail(Error error);

  // From the loop. nullopt: not there yet, the reader will be notified.
  std::optional<Result<HttpResponseHead>> take_head();
  struct Piece {
    std::optional<std::string> bytes;  ///< nullopt: the body has ended
    bool resume = false;               ///< the curl thread has paused and must be told to go on
  };
  std::optional<Result<Piece>> take_piece();
  bool is_over() const;

 private:
  void wake_reader(std::unique_lock<std::mutex> lock);

  const HttpRequest request_;
  const Url url_;
  const size_t max_buffered_bytes_;
  const Executor loop_;
  const std::weak_ptr<async::Event> reader_;

  mutable std::mutex mutex_;
  std::optional<HttpResponseHead> head_;
  std::string buffer_;
  std::optional<Error> error_;
  bool over_ = false;
  bool paused_ = false;
  bool reader_waits_ = false;
};

}  // namespace awl::net
