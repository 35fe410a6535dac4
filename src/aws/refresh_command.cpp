#include "aws/refresh_command.h"

#include <fmt/format.h>

#include "async/timeout.h"
#include "base/strings.h"
#include "crypto/sha256.h"
#include "os/file_lock.h"
#include "os/process.h"

namespace awl::aws {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPause{30};
constexpr seconds kStopGrace{2};

// How the last run ended: "1767323045123 ok".
struct Outcome {
  TimePoint ended{};
  bool ok = false;
};

std::optional<Outcome> read_outcome(const os::Path& file) {
  const auto text = os::read_file(file, 4096);
  if (!text) return std::nullopt;
  const std::vector<std::string_view> words = split(trim(*text), ' ');
  const auto ended = words.size() == 2 ? parse_integer(words[0]) : std::nullopt;
  if (!ended) return std::nullopt;
  return Outcome{TimePoint(milliseconds(*ended)), words[1] == "ok"};
}

class RefreshCommandImpl : public RefreshCommand {
 public:
  RefreshCommandImpl(RefreshOptions options, Clock clock)
      : options_(std::move(options)),
        clock_(std::move(clock)),
        base_(options_.state_dir /
              ("refresh-" + crypto::sha256_hex(options_.command + "\n" + options_.scope).substr(0, 16))) {}

  Task<Result<>> run(TimePoint noticed) override {
    // Without the lock (a read-only home, say) it is run all the same: better twice than never.
    auto lock = co_await os::FileLock::acquire(base_.string() + ".lock", options_.limit + kStopGrace);
    if (!lock && lock.error().kind == ErrorKind::kTimeout) co_return failed(lock.error().message);
    // One from the future was written while the clock was wrong.
    if (const auto last = read_outcome(outcome_file()); last && last->ended <= clock_()) {
      if (last->ok && last->ended >= noticed) co_return Result<>{};
      if (last->ended + kPause > clock_())
        co_return failed(fmt::format("it {} at {}, and is not run again for {} s",
                                     last->ok ? "ended well but did not help" : "failed",
                                     format_iso8601(last->ended), kPause.count()));
    }
    auto done = co_await execute();
    write_outcome(done.has_value());
    co_return done;
  }

 private:
  Task<Result<>> execute() {
    const Executor executor = co_await boost::asio::this_coro::executor;
    os::ProcessOptions process;
    process.argv = {"/bin/sh", "-c", options_.command};
    process.environment = options_.environment;
    process.working_directory = options_.folder;
    process.stdout_fd = options_.output_descriptor;
    process.stderr_fd = options_.output_descriptor;
    const os::OrphansGoFree browsers_stay_open;
    auto started = os::Process::start(executor, process);
    if (!started) co_return failed(started.error().message);
    const std::unique_ptr<os::Process> child = std::move(*started);
    const auto status = co_await async::with_timeout(child->wait(), options_.limit);
    if (!status) {
      co_await child->stop(kStopGrace);
      co_return failed(fmt::format("it did not end within {} s", options_.limit.count() / 1000));
    }
    if (!status->ok()) co_return failed(fmt::format("it ended with exit code {}", status->code));
    co_return Result<>{};
  }

  os::Path outcome_file() const { return base_.string() + ".last"; }

  void write_outcome(bool ok) const {
    const std::string text =
        fmt::format("{} {}\n", clock_().time_since_epoch().count(), ok ? "ok" : "failed");
    std::ignore = os::write_file_atomic(outcome_file(), text, 0600);
  }

  std::unexpected<Error> failed(std::string_view why) const {
    return fail(ErrorKind::kCredentials,
                fmt::format("awsAuthRefresh did not renew the AWS credentials: {}", why),
                fmt::format("run it by hand: {}", redact(options_.command)));
  }

  RefreshOptions options_;
  Clock clock_;
  os::Path base_;
};

class RefreshingProvider : public CachedProvider {
 public:
  RefreshingProvider(std::unique_ptr<CachedProvider> inner, RefreshCommand& command, Clock clock)
      : inner_(std::move(inner)), command_(command), clock_(std::move(clock)) {}

  std::string name() const override { return inner_->name(); }
  void invalidate() override { inner_->invalidate(); }

  Task<Result<Credentials>> fetch() override {
    const TimePoint noticed = clock_();
    auto credentials = co_await inner_->fetch();
    // What is written wrongly in a file, or a network that is down, no sign-in mends.
    if (credentials || credentials.error().kind != ErrorKind::kCredentials) co_return credentials;
    auto refreshed = co_await command_.run(noticed);
    if (!refreshed) {
      Error error = std::move(credentials).error();
      error.message += "; " + refreshed.error().message;
      error.hint = refreshed.error().hint;
      co_return std::unexpected(std::move(error));
    }
    auto again = co_await inner_->fetch();
    co_return again;
  }

 private:
  std::unique_ptr<CachedProvider> inner_;
  RefreshCommand& command_;
  Clock clock_;
};

}  // namespace

std::unique_ptr<RefreshCommand> make_refresh_command(RefreshOptions options, Clock clock) {
  return std::make_unique<RefreshCommandImpl>(std::move(options), std::move(clock));
}

std::unique_ptr<CachedProvider> make_refreshing_provider(std::unique_ptr<CachedProvider> inner,
                                                         RefreshCommand& command, Clock clock) {
  return std::make_unique<RefreshingProvider>(std::move(inner), command, std::move(clock));
}

}  // namespace awl::aws
