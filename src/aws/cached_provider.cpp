#include "aws/cached_provider.h"

#include "async/event.h"

namespace awl::aws {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr minutes kRenewBefore{5};
constexpr hours kKeepUnknown{1};

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
    if (result && flight_ == landing.flight) {  // else: invalidated meanwhile
      const Credentials& found = *result;
      kept_ = found;
      keep_until_ = found.expiration ? *found.expiration - kRenewBefore : clock_() + kKeepUnknown;
    }
    co_return result;
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
