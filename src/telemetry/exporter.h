// Collects what is to be exported and sends it in batches.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "async/event.h"
#include "async/task_group.h"
#include "base/environment.h"
#include "net/http.h"
#include "telemetry/meter.h"
#include "telemetry/settings.h"

namespace awl::telemetry {

struct ExporterOptions {
  Settings settings;
  Attributes resource;
  std::string headers_helper;  ///< a shell command that prints a JSON object of headers; empty: none
  Environment environment;     ///< of it
  std::function<void(std::string_view)> console;  ///< takes a line
  std::function<void(std::string)> on_problem;    ///< a sentence, once for each way to fail
};

/// All calls on the loop's thread. Nothing here fails the session: what cannot be sent is told and dropped.
class Exporter {
 public:
  /// `http` outlives it.
  Exporter(const Executor& executor, net::HttpClient& http, ExporterOptions options);

  const Settings& settings() const { return options_.settings; }
  void add(LogRecord record);
  void add(Span span);
  void count(const std::string& name, const std::string& unit, Attributes attributes, Value amount);

  /// Sends what is left, within the limit of the settings. Once, at the end.
  Task<> finish();

 private:
  void arm(Signal signal);
  Task<> wait_and_send(Signal signal);
  Task<> send(Signal signal);
  Task<> send_rest();
  Task<> post(const Target& target, std::string body);
  Task<> refresh_headers();
  const Target& target_of(Signal signal) const;
  bool is_empty(Signal signal) const;
  std::function<std::string(Encoding)> take(Signal signal);
  void tell(const std::string& problem);

  net::HttpClient& http_;
  ExporterOptions options_;
  Meter meter_;
  std::vector<LogRecord> logs_;
  std::vector<Span> spans_;
  std::map<Signal, bool> armed_;
  std::map<std::string, bool> told_;
  net::Headers helper_headers_;
  std::chrono::steady_clock::time_point helper_ran_{};
  bool helper_runs_ = false;
  async::Event helper_ended_;
  bool finishing_ = false;
  async::Event wake_;
  async::TaskGroup tasks_;
};

int64_t now_ns();

}  // namespace awl::telemetry
