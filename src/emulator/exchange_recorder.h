// Whole exchanges, written down: the request, and the response with the time of each of its pieces.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "emulator/recorder.h"
#include "net/http_server.h"

namespace awl::emulator {

/// What a client received.
struct RecordedResponse {
  struct Chunk {
    std::chrono::milliseconds at{0};  ///< since the request
    std::string text;
  };
  int status = 0;
  net::Headers headers;
  std::vector<Chunk> chunks;
  bool is_stream = false;
  bool is_broken = false;     ///< the connection was closed before the end
  bool is_truncated = false;  ///< it was too large to keep
};

/// Passes everything on, says when an answer begins, and keeps what was sent, up to a bound.
class CapturingResponse : public net::ResponseWriter {
 public:
  /// `on_begin` receives the status before anything is sent; 0 when the connection is closed without an
  /// answer. `inner` must outlive it.
  CapturingResponse(net::ResponseWriter& inner, bool keeps_body, std::function<void(int status)> on_begin)
      : inner_(inner), keeps_body_(keeps_body), on_begin_(std::move(on_begin)) {}

  Task<Result<>> respond(int status, net::Headers headers, std::string body) override;
  Task<Result<>> start(int status, net::Headers headers) override;
  Task<Result<>> write(std::string_view bytes) override;
  void abort() override;
  void reset() override;

  const RecordedResponse& captured() const { return captured_; }

 private:
  void keep(std::string_view bytes);

  void begin(int status, const net::Headers& headers);

  net::ResponseWriter& inner_;
  bool keeps_body_;
  std::function<void(int)> on_begin_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  RecordedResponse captured_;
  std::string unfinished_;
  size_t bytes_ = 0;
};

/// Sends a recorded response; with its pauses when `keeps_time`.
Task<> play(const RecordedResponse& recorded, net::Headers headers, bool keeps_time,
            net::ResponseWriter& response);

/// The line for one exchange: that of record_line() with a field "response" {headers, stream, broken,
/// truncated, chunks: [{at_ms, text}]}.
std::string exchange_line(const Exchange& exchange, const RecordedResponse& response);

}  // namespace awl::emulator
