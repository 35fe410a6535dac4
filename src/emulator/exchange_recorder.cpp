#include "emulator/exchange_recorder.h"

#include <nlohmann/json.hpp>

#include "async/timeout.h"

namespace awl::emulator {

namespace {

constexpr size_t kMaxKeptBytes = 64 << 20;

/// How many bytes at the end begin a character that they do not finish.
size_t unfinished_bytes(std::string_view text) {
  for (size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte < 0x80) return 0;
    if (byte < 0xC0) continue;
    const size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}

}  // namespace

void CapturingResponse::begin(int status, const net::Headers& headers) {
  on_begin_(status);
  captured_.status = status;
  if (keeps_body_) captured_.headers = headers;
}

void CapturingResponse::keep(std::string_view bytes) {
  if (!keeps_body_) return;
  // A relayed piece can end within a character; JSON could not hold that.
  std::string text = std::exchange(unfinished_, {}) + std::string(bytes);
  const size_t unfinished = unfinished_bytes(text);
  unfinished_ = text.substr(text.size() - unfinished);
  text.resize(text.size() - unfinished);
  if (captured_.is_truncated || text.empty()) return;
  if (bytes_ + text.size() > kMaxKeptBytes) {
    captured_.is_truncated = true;
    return;
  }
  bytes_ += text.size();
  const auto at =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
  captured_.chunks.push_back({at, std::move(text)});
}

Task<Result<>> CapturingResponse::respond(int status, net::Headers headers, std::string body) {
  begin(status, headers);
  keep(body);
  Result<> sent = co_await inner_.respond(status, std::move(headers), std::move(body));
  co_return sent;
}

Task<Result<>> CapturingResponse::start(int status, net::Headers headers) {
  begin(status, headers);
  captured_.is_stream = true;
  Result<> started = co_await inner_.start(status, std::move(headers));
  co_return started;
}

Task<Result<>> CapturingResponse::write(std::string_view bytes) {
  keep(bytes);
  Result<> written = co_await inner_.write(bytes);
  co_return written;
}

void CapturingResponse::abort() {
  if (captured_.status == 0) on_begin_(0);
  captured_.is_broken = true;
  inner_.abort();
}

void CapturingResponse::reset() {
  if (captured_.status == 0) on_begin_(0);
  captured_.is_broken = true;
  inner_.reset();
}

Task<> play(const RecordedResponse& recorded, net::Headers headers, bool keeps_time,
            net::ResponseWriter& response) {
  if (!recorded.is_stream) {
    std::string body;
    for (const RecordedResponse::Chunk& chunk : recorded.chunks) body += chunk.text;
    std::ignore = co_await response.respond(recorded.status, std::move(headers), std::move(body));
    co_return;
  }
  const Result<> started = co_await response.start(recorded.status, std::move(headers));
  if (!started) co_return;
  std::chrono::milliseconds at{0};
  for (const RecordedResponse::Chunk& chunk : recorded.chunks) {
    if (keeps_time && chunk.at > at) co_await async::sleep_for(chunk.at - at);
    at = chunk.at;
    const Result<> written = co_await response.write(chunk.text);
    if (!written) co_return;
  }
  if (recorded.is_broken) response.abort();
}

std::string exchange_line(const Exchange& exchange, const RecordedResponse& response) {
  json::Value headers = json::Value::object();
  for (const net::Header& header : response.headers) headers[header.name] = header.value;
  json::Value chunks = json::Value::array();
  for (const RecordedResponse::Chunk& chunk : response.chunks)
    chunks.push_back({{"at_ms", chunk.at.count()}, {"text", chunk.text}});
  json::Value line = record_json(exchange);
  line["response"] = {{"headers", std::move(headers)},
                      {"stream", response.is_stream},
                      {"broken", response.is_broken},
                      {"truncated", response.is_truncated},
                      {"chunks", std::move(chunks)}};
  return json::dump(line) + "\n";
}

}  // namespace awl::emulator
