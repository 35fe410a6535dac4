#include "net/curl_worker.h"

#include <pthread.h>
#include <signal.h>

#include <climits>

namespace awl::net {

namespace {

constexpr int kMaxAttempts = 4;  // of one exchange, when what it depends on changes meanwhile

// Signals are for the thread of the loop.
class BlockSignals {
 public:
  BlockSignals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockSignals(const BlockSignals&) = delete;
  BlockSignals& operator=(const BlockSignals&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

CurlWorker::CurlWorker(CurlClientOptions options) : options_(std::move(options)) {}

CurlWorker::~CurlWorker() { stop(); }

void CurlWorker::start() {
  if (thread_.joinable()) return;
  const BlockSignals block;
  thread_ = std::thread([this] { run(); });
}

void CurlWorker::submit(std::shared_ptr<CurlExchange> exchange) {
  {
    std::unique_lock lock(mutex_);
    if (refusal_) {
      const Error error = *refusal_;
      lock.unlock();
      exchange->fail(error);
      return;
    }
  }
  start();
  push({Action::kSubmit, std::move(exchange)});
}

void CurlWorker::resume(std::shared_ptr<CurlExchange> exchange) {
  push({Action::kResume, std::move(exchange)});
}

void CurlWorker::abort(std::shared_ptr<CurlExchange> exchange) {
  push({Action::kAbort, std::move(exchange)});
}

void CurlWorker::push(Command command) {
  CURLM* multi = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (refusal_) return;
    commands_.push_back(std::move(command));
    multi = multi_;
  }
  // Not under the lock, where the thread would wake only to wait for it. The handle lives until stop(), which
  // is called on this same thread.
  if (multi) wakeup_(multi);
}

void CurlWorker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (!refusal_) refusal_ = Error{ErrorKind::kCancelled, "the HTTP client was closed", {}, {}};
    if (multi_) wakeup_(multi_);
  }
  if (thread_.joinable()) thread_.join();
}

void CurlWorker::run() {
  ::pthread_setname_np(::pthread_self(), "awl-curl");
  const auto curl = CurlLibrary::load();
  if (!curl) {
    refuse_everything(curl.error());
    return;
  }
  CURLM* multi = curl->multi_init();
  if (!multi) {
    refuse_everything({ErrorKind::kNetwork, "libcurl has no memory for its transfers", {}, {}});
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    wakeup_ = curl->multi_wakeup;
    multi_ = multi;
  }
  if (auto identity = read_client_identity(options_.identity)) state_.identity = std::move(*identity);
  state_.trust = curl->default_ca_directory.empty() || !options_.ca_store_pem.empty()
                     ? TrustStore::kEverything
                     : TrustStore::kDirectory;
  serve(*curl, multi);
  {
    const std::lock_guard lock(mutex_);
    multi_ = nullptr;
  }
  for (const auto& [exchange, transfer] : transfers_) curl->multi_remove_handle(multi, transfer->handle());
  refuse_everything({ErrorKind::kCancelled, "the HTTP client was closed", {}, {}});
  transfers_.clear();
  curl->multi_cleanup(multi);
}

void CurlWorker::refuse_everything(const Error& error) {
  std::vector<Command> commands;
  {
    const std::lock_guard lock(mutex_);
    refusal_ = error;
    commands = std::move(commands_);
  }
  for (const Command& command : commands) {
    if (command.action == Action::kSubmit) command.exchange->fail(error);
  }
  for (const auto& [exchange, transfer] : transfers_) transfer->exchange()->fail(error);
}

void CurlWorker::serve(const CurlLibrary& curl, CURLM* multi) {
  for (;;) {
    std::vector<Command> commands;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      commands.swap(commands_);
    }
    for (Command& command : commands) execute(curl, multi, command);
    commands.clear();  // the exchanges that were aborted are given back before a long sleep
    int running = 0;
    do {
      curl.multi_perform(multi, &running);
    } while (finish_done(curl, multi));
    for (const auto& [exchange, transfer] : transfers_) transfer->exchange()->notify();
    curl.multi_poll(multi, nullptr, 0, INT_MAX, nullptr);
  }
}

void CurlWorker::execute(const CurlLibrary& curl, CURLM* multi, Command& command) {
  if (command.action == Action::kSubmit) {
    begin(curl, multi, command.exchange);
    return;
  }
  const auto found = transfers_.find(command.exchange.get());
  if (found == transfers_.end()) return;  // it has ended in the meantime
  if (command.action == Action::kResume) {
    curl.easy_pause(found->second->handle(), CURLPAUSE_CONT);
    return;
  }
  curl.multi_remove_handle(multi, found->second->handle());
  transfers_.erase(found);
}

void CurlWorker::begin(const CurlLibrary& curl, CURLM* multi, const std::shared_ptr<CurlExchange>& exchange,
                       int attempt) {
  auto transfer = std::make_unique<CurlTransfer>(curl, options_, state_, exchange, attempt);
  if (const auto ready = transfer->prepare(); !ready) {
    exchange->fail(ready.error());
    return;
  }
  if (curl.multi_add_handle(multi, transfer->handle()) != CURLM_OK) {
    exchange->fail({ErrorKind::kNetwork, "libcurl does not accept another transfer", {}, {}});
    return;
  }
  transfers_.insert_or_assign(exchange.get(), std::move(transfer));
}

bool CurlWorker::finish_done(const CurlLibrary& curl, CURLM* multi) {
  bool began = false;
  int left = 0;
  while (const CURLMsg* message = curl.multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    CURL* handle = message->easy_handle;
    void* owner = nullptr;
    curl.easy_getinfo(handle, CURLINFO_PRIVATE, &owner);
    auto& transfer = *static_cast<CurlTransfer*>(owner);
    const auto exchange = transfer.exchange();
    curl.multi_remove_handle(multi, handle);
    const int attempt = transfer.attempt();
    const bool again = deserves_another_attempt(transfer, code);
    if (!again) transfer.finish(code);
    transfers_.erase(exchange.get());
    if (again) {
      begin(curl, multi, exchange, attempt + 1);
      began = true;
    }
  }
  return began;
}

bool CurlWorker::deserves_another_attempt(const CurlTransfer& transfer, CURLcode code) {
  if (transfer.deserves_other_trust(code)) {
    state_.trust = TrustStore::kEverything;
    return true;
  }
  if (code != CURLE_OK && transfer.deserves_other_proxy_auth()) {
    state_.any_proxy_auth = true;
    return true;
  }
  if (state_.identity.empty() || transfer.attempt() >= kMaxAttempts) return false;
  if (transfer.lost_connection(code)) return reload_identity();
  // Files that were read while somebody replaced them do not belong together: the pair before is still good.
  if (code == CURLE_SSL_CERTPROBLEM && !previous_identity_.empty()) {
    state_.identity = std::exchange(previous_identity_, {});
    return true;
  }
  return false;
}

bool CurlWorker::reload_identity() {
  if (!options_.identity.reload) return false;
  auto identity = read_client_identity(options_.identity);
  if (!identity || *identity == state_.identity) return false;
  previous_identity_ = std::exchange(state_.identity, std::move(*identity));
  return true;
}

}  // namespace awl::net
