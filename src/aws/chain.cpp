#include <fmt/format.h>

#include "async/timeout.h"
#include "aws/credentials.h"
#include "base/strings.h"

namespace awl::aws {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// One walk along the chain; kept apart from it, so that two fetches at once do not write into one another's.
struct Walk {
  std::vector<ChainStep> steps;
  std::vector<std::string> tried;
  std::string asking;  // the provider whose answer is awaited
};

std::string outcome_of(const Result<Credentials>& result) {
  if (result) return "found";
  return result.error().kind == ErrorKind::kNotFound ? "not configured" : result.error().message;
}

class Chain : public CredentialsChain {
 public:
  Chain(std::vector<std::unique_ptr<CredentialsProvider>> providers, milliseconds limit)
      : providers_(std::move(providers)), limit_(limit) {}

  std::string name() const override { return "credentials chain"; }
  const std::vector<ChainStep>& trace() const override { return trace_; }

  Task<Result<Credentials>> fetch() override {
    Walk walk;
    auto result = co_await async::with_timeout(ask_all(walk), limit_);
    if (!result) walk.steps.push_back({walk.asking, "did not answer in time", limit_});
    trace_ = std::move(walk.steps);
    if (result) co_return std::move(*result);
    co_return fail(ErrorKind::kTimeout,
                   fmt::format("AWS default-chain credential resolve timed out after {} ms, waiting for {}",
                               limit_.count(), walk.asking),
                   "CLAUDE_CODE_AWS_CHAIN_RESOLVE_TIMEOUT_MS sets the limit");
  }

 private:
  Task<Result<Credentials>> ask_all(Walk& walk) {
    for (const auto& provider : providers_) {
      walk.asking = provider->name();
      const auto asked_at = steady_clock::now();
      auto result = co_await provider->fetch();
      walk.steps.push_back(
          {walk.asking, outcome_of(result), duration_cast<milliseconds>(steady_clock::now() - asked_at)});
      if (result || result.error().kind != ErrorKind::kNotFound) co_return result;
      walk.tried.push_back(fmt::format("{}: {}", walk.asking, result.error().message));
    }
    co_return fail(
        ErrorKind::kCredentials, fmt::format("no AWS credentials found. Tried {}", join(walk.tried, "; ")),
        "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ANTHROPIC_AWS_API_KEY");
  }

  std::vector<std::unique_ptr<CredentialsProvider>> providers_;
  milliseconds limit_;
  std::vector<ChainStep> trace_;  // of the fetch that ended last
};

}  // namespace

std::unique_ptr<CredentialsChain> make_chain(std::vector<std::unique_ptr<CredentialsProvider>> providers,
                                             milliseconds limit) {
  return std::make_unique<Chain>(std::move(providers), limit);
}

}  // namespace awl::aws
