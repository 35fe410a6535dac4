// Writes down what was asked: one JSON object a line, flushed at once.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "json/json.h"
#include "net/http_server.h"
#include "os/file.h"

namespace awl::emulator {

struct Exchange {
  TimePoint time{};
  const net::ServerRequest& request;
  const json::Value* body = nullptr;  ///< nullptr: not JSON, recorded as text
  int status = 0;
  std::string auth;  ///< the kind of credentials, or why they were refused
  std::string request_id;
};

/// The line for one exchange. Values of authorization, x-api-key and x-amz-security-token are masked; the
/// body is as it came.
std::string record_line(const Exchange& exchange);
json::Value record_json(const Exchange& exchange);

class Recorder {
 public:
  /// Appends to `file`; a new one is readable by its owner alone. Errors: kIo.
  static Result<std::unique_ptr<Recorder>> open(const os::Path& file);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Errors: kIo.
  Result<> write(const Exchange& exchange) { return write_line(record_line(exchange)); }
  /// `line` with its newline.
  Result<> write_line(std::string_view line);

 private:
  Recorder(int descriptor, os::Path file) : descriptor_(descriptor), file_(std::move(file)) {}
  int descriptor_;
  os::Path file_;
};

}  // namespace awl::emulator
