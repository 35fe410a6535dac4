#include <fmt/format.h>

#include "aws/credentials.h"
#include "base/strings.h"

namespace awl::aws {

namespace {

class Chain : public CredentialsChain {
 public:
  explicit Chain(std::vector<std::unique_ptr<CredentialsProvider>> providers)
      : providers_(std::move(providers)) {}

  std::string name() const override { return "credentials chain"; }
  const std::vector<ChainStep>& trace() const override { return trace_; }

  Task<Result<Credentials>> fetch() override {
    // Kept here until the end, so that two fetches at once do not write into one another's trace.
    std::vector<ChainStep> trace;
    std::vector<std::string> tried;
    for (const auto& provider : providers_) {
      auto result = co_await provider->fetch();
      const bool absent = !result && result.error().kind == ErrorKind::kNotFound;
      trace.push_back({provider->name(), result   ? "found"
                                         : absent ? "not configured"
                                                  : result.error().message});
      if (!absent) {
        trace_ = std::move(trace);
        co_return result;
      }
      tried.push_back(fmt::format("{}: {}", provider->name(), result.error().message));
    }
    trace_ = std::move(trace);
    co_return fail(
        ErrorKind::kCredentials, fmt::format("no AWS credentials found. Tried {}", join(tried, "; ")),
        "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ANTHROPIC_AWS_API_KEY");
  }

 private:
  std::vector<std::unique_ptr<CredentialsProvider>> providers_;
  std::vector<ChainStep> trace_;  // of the fetch that ended last
};

}  // namespace

std::unique_ptr<CredentialsChain> make_chain(std::vector<std::unique_ptr<CredentialsProvider>> providers) {
  return std::make_unique<Chain>(std::move(providers));
}

}  // namespace awl::aws
