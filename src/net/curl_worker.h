// The curl thread: one multi handle, fed with commands from the loop.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "net/curl_client.h"
#include "net/curl_exchange.h"
#include "net/curl_library.h"
#include "net/curl_transfer.h"

namespace awl::net {

/// Sleeps in libcurl's poll without a time limit: an idle client wakes nothing up. Public members on the
/// loop's thread.
class CurlWorker {
 public:
  explicit CurlWorker(CurlClientOptions options);
  ~CurlWorker();

  /// Starts the thread, which loads libcurl; once.
  void start();
  void submit(std::shared_ptr<CurlExchange> exchange);
  void resume(std::shared_ptr<CurlExchange> exchange);
  void abort(std::shared_ptr<CurlExchange> exchange);
  /// Ends all transfers and joins the thread. Later calls have no effect, later submissions fail.
  void stop();

 private:
  enum class Action { kSubmit, kResume, kAbort };
  struct Command {
    Action action;
    std::shared_ptr<CurlExchange> exchange;
  };
  using Transfers = std::unordered_map<const CurlExchange*, std::unique_ptr<CurlTransfer>>;

  void push(Command command);
  // On the thread:
  void run();
  void refuse_everything(const Error& error);
  void serve(const CurlLibrary& curl, CURLM* multi);
  void execute(const CurlLibrary& curl, CURLM* multi, Command& command);
  void begin(const CurlLibrary& curl, CURLM* multi, const std::shared_ptr<CurlExchange>& exchange,
             int attempt = 1);
  // True when a transfer was begun anew.
  bool finish_done(const CurlLibrary& curl, CURLM* multi);
  // Whether the exchange should be begun anew, because what stood in its way has changed.
  bool deserves_another_attempt(const CurlTransfer& transfer, CURLcode code);
  bool reload_identity();

  const CurlClientOptions options_;
  std::thread thread_;

  std::mutex mutex_;  // guards what follows, up to the blank line
  std::vector<Command> commands_;
  bool stopping_ = false;
  std::optional<Error> refusal_;  // set when nothing can be sent any more
  decltype(&::curl_multi_wakeup) wakeup_ = nullptr;
  CURLM* multi_ = nullptr;  // set while wakeup_ may be called

  Transfers transfers_;  // the thread's own
  ConnectionState state_;
  ClientIdentity previous_identity_;  // of before the files were read again
};

}  // namespace awl::net
