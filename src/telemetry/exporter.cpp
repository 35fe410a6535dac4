#include "telemetry/exporter.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "async/timeout.h"
#include "json/json.h"
#include "os/process.h"

namespace awl::telemetry {

namespace {

// A collector that does not answer must not cost the session its memory.
constexpr size_t kMaxQueued = 4'096;
constexpr size_t kBatch = 512;
constexpr size_t kMaxAnswerBytes = 64 << 10;
constexpr std::chrono::milliseconds kSendLimit{10'000};
constexpr std::chrono::milliseconds kRetryAfter{1'000};
constexpr std::chrono::milliseconds kHelperLimit{30'000};

bool is_worth_repeating(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Exporter::Exporter(const Executor& executor, net::HttpClient& http, ExporterOptions options)
    : http_(http),
      options_(std::move(options)),
      meter_(options_.settings.cumulative, now_ns()),
      helper_ended_(executor),
      wake_(executor),
      tasks_(executor) {}

const Target& Exporter::target_of(Signal signal) const {
  switch (signal) {
    case Signal::kMetrics:
      return options_.settings.metrics;
    case Signal::kLogs:
      return options_.settings.logs;
    case Signal::kTraces:
      break;
  }
  return options_.settings.traces;
}

void Exporter::add(LogRecord record) {
  if (!options_.settings.logs.is_on()) return;
  if (logs_.size() >= kMaxQueued) return tell("events were left out: the collector takes none");
  logs_.push_back(std::move(record));
  arm(Signal::kLogs);
}

void Exporter::add(Span span) {
  if (!options_.settings.traces.is_on()) return;
  if (spans_.size() >= kMaxQueued) return tell("spans were left out: the collector takes none");
  spans_.push_back(std::move(span));
  arm(Signal::kTraces);
}

void Exporter::count(const std::string& name, const std::string& unit, Attributes attributes, Value amount) {
  if (!options_.settings.metrics.is_on()) return;
  meter_.add(name, unit, std::move(attributes), std::move(amount));
  arm(Signal::kMetrics);
}

void Exporter::tell(const std::string& problem) {
  if (std::exchange(told_[problem], true)) return;
  if (options_.on_problem) options_.on_problem("Telemetry: " + problem);
}

bool Exporter::is_empty(Signal signal) const {
  if (signal == Signal::kMetrics) return meter_.empty();
  return signal == Signal::kLogs ? logs_.empty() : spans_.empty();
}

void Exporter::arm(Signal signal) {
  const bool is_full = logs_.size() == kBatch || spans_.size() == kBatch;
  if (is_full) wake_.notify_all();
  if (finishing_ || std::exchange(armed_[signal], true)) return;
  tasks_.spawn(wait_and_send(signal));
}

Task<> Exporter::wait_and_send(Signal signal) {
  if (!finishing_) static_cast<void>(co_await async::finish_within(wake_.wait(), target_of(signal).interval));
  armed_[signal] = false;
  co_await send(signal);
}

// What is there now, to be encoded as often as there are exporters.
std::function<std::string(Encoding)> Exporter::take(Signal signal) {
  const Attributes& resource = options_.resource;
  if (signal == Signal::kMetrics) {
    return [&resource, metrics = meter_.take(now_ns())](Encoding encoding) {
      return encode_metrics(encoding, resource, metrics);
    };
  }
  if (signal == Signal::kLogs) {
    return [&resource, logs = std::exchange(logs_, {})](Encoding encoding) {
      return encode_logs(encoding, resource, logs);
    };
  }
  return [&resource, spans = std::exchange(spans_, {})](Encoding encoding) {
    return encode_spans(encoding, resource, spans);
  };
}

Task<> Exporter::send(Signal signal) {
  if (is_empty(signal)) co_return;
  const Target& target = target_of(signal);
  const auto encode = take(signal);
  if (target.console) options_.console(encode(Encoding::kJson));
  if (target.otlp) co_await post(target, encode(target.encoding));
}

Task<> Exporter::refresh_headers() {
  while (helper_runs_) co_await helper_ended_.wait();
  const auto now = std::chrono::steady_clock::now();
  const bool is_fresh =
      helper_ran_.time_since_epoch().count() != 0 && now - helper_ran_ < options_.settings.helper_interval;
  if (options_.headers_helper.empty() || is_fresh) co_return;
  helper_ran_ = now;
  helper_runs_ = true;
  const auto ended = [this](void*) {
    helper_runs_ = false;
    helper_ended_.notify_all();
  };
  const std::unique_ptr<void, decltype(ended)> at_end(this, ended);
  os::ProcessOptions command{.argv = {"/bin/sh", "-c", options_.headers_helper},
                             .environment = options_.environment.to_entries(),
                             .working_directory = "/"};
  auto ran = co_await os::run_command(std::move(command), "", kHelperLimit, kMaxAnswerBytes);
  const auto printed = ran && ran->status.ok() ? json::parse(ran->out) : Result<json::Value>(json::Value());
  if (!printed || !printed->is_object()) {
    tell(ran && ran->status.ok() ? "otelHeadersHelper printed no JSON object of headers"
                                 : "otelHeadersHelper failed");
    co_return;
  }
  net::Headers headers;
  for (const auto& [name, value] : printed->items()) {
    if (value.is_string()) headers.push_back({name, value.get<std::string>()});
  }
  if (const auto valid = net::check_headers(headers); !valid) {
    tell("otelHeadersHelper: " + valid.error().message);
    co_return;
  }
  helper_headers_ = std::move(headers);
}

Task<> Exporter::post(const Target& target, std::string body) {
  co_await refresh_headers();
  std::string failure;
  for (int attempt = 0; attempt < 2; ++attempt) {
    net::HttpRequest request{.method = "POST", .url = target.url, .headers = target.headers, .body = body};
    for (const net::Header& header : helper_headers_)
      net::set_header(request.headers, header.name, header.value);
    net::set_header(request.headers, "content-type",
                    target.encoding == Encoding::kJson ? "application/json" : "application/x-protobuf");
    request.connect_timeout = request.total_timeout = kSendLimit;
    auto sent = co_await http_.send(std::move(request));
    const int status = sent ? (*sent)->head().status : 0;
    if (status >= 200 && status < 300) {
      // Read, so that the connection can be used again.
      static_cast<void>(co_await net::read_all(**sent, kMaxAnswerBytes));
      co_return;
    }
    failure = sent ? fmt::format("{} answered with status {}", target.url, status) : describe(sent.error());
    if ((sent && !is_worth_repeating(status)) || finishing_ || attempt > 0) break;
    co_await async::sleep_for(kRetryAfter);
  }
  tell(failure);
}

Task<> Exporter::send_rest() {
  // What waits for its interval goes first.
  co_await tasks_.join();
  for (const Signal signal : {Signal::kLogs, Signal::kTraces, Signal::kMetrics}) co_await send(signal);
}

Task<> Exporter::finish() {
  finishing_ = true;
  wake_.notify_all();
  const bool done = co_await async::finish_within(send_rest(), options_.settings.shutdown_limit);
  if (!done) tell("what was left at the end could not be sent in time");
  tasks_.cancel();
  co_await tasks_.join();
}

}  // namespace awl::telemetry
