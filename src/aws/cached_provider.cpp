#include "aws/cached_provider.h"

#include "async/event.h"

namespace awl::aws {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr minutes kRenewBefore{5};
constexpr int kRenewInLastOf = 10;  // or in the last tenth of the lifetime
constexpr hours kKeepUnknown{1};
constexpr std::chrono::seconds kPauseAfterFailure{10};

// One question to the inner provider, shared by all who ask meanwhile.
struct Flight {
  explicit Flight(const Executor& executor) : ended(executor) {}
  bool done = false;
  std::optional<Result<Credentials>> answer;  // none when the task that asked was cancelled
  async::Event ended;
};

class CachedProviderImpl : public CachedProvider {
 public:
  CachedProviderImpl(std::unique_ptr<CredentialsProvider> inner, Clock clock)
      : inner_(std::move(inner)), clock_(std::move(clock)) {}

  std::string name() const override { return inner_->name(); }

  Task<Result<Credentials>> fetch() override {
    for (;;) {
      const bool fresh = clock_() < keep_until_;
      if (kept_ && fresh) co_return *kept_;
      if (!flight_) break;
      const std::shared_ptr<Flight> flight = flight_;
      while (!flight->done) co_await flight->ended.wait();
      const auto& answer = flight->answer;
      if (answer) co_return *answer;
    }
    auto result = co_await ask();
    co_return result;
  }

  void invalidate() override {
    kept_.reset();
    flight_.reset();
  }

 private:
  // Runs also when the asking task is unwound: one of those who wait then asks instead.
  struct Landing {
    CachedProviderImpl* owner;
    std::shared_ptr<Flight> flight;
    ~Landing() {
      if (owner->flight_ == flight) owner->flight_.reset();
      flight->done = true;
      flight->ended.notify_all();
    }
  };

  Task<Result<Credentials>> ask() {
    const Executor executor = co_await boost::asio::this_coro::executor;
    const Landing landing{this, flight_ = std::make_shared<Flight>(executor)};
    auto result = co_await inner_->fetch();
    landing.flight->answer = result;
    if (flight_ != landing.flight) co_return result;  // invalidated meanwhile
    if (result) {
      keep(*result);
    } else if (kept_ && kept_->expiration && *kept_->expiration > clock_()) {
      keep_until_ = std::min(clock_() + kPauseAfterFailure, *kept_->expiration);
      result = *kept_;
      landing.flight->answer = result;
    }
    co_return result;
  }

  void keep(const Credentials& found) {
    kept_ = found;
    const TimePoint now = clock_();
    if (!found.expiration) {
      keep_until_ = now + kKeepUnknown;
      return;
    }
    const auto lifetime = *found.expiration - now;
    keep_until_ = *found.expiration - std::min<TimePoint::duration>(kRenewBefore, lifetime / kRenewInLastOf);
  }

  std::unique_ptr<CredentialsProvider> inner_;
  Clock clock_;
  std::optional<Credentials> kept_;
  TimePoint keep_until_{};
  std::shared_ptr<Flight> flight_;
};

}  // namespace

std::unique_ptr<CachedProvider> make_cached_provider(std::unique_ptr<CredentialsProvider> inner,
                                                     Clock clock) {
  return std::make_unique<CachedProviderImpl>(std::move(inner), std::move(clock));
}

}  // namespace awl::aws
