#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "anthropic/authenticator.h"
#include "base/strings.h"
#include "json/json.h"
#include "os/process.h"

namespace awl::anthropic {

namespace {

constexpr std::chrono::seconds kTokenLimit{60};
constexpr size_t kMaxTokenOutput = 64 << 10;
constexpr std::chrono::minutes kTokenMargin{5};

std::unexpected<Error> no_token(std::string_view why) {
  return fail(ErrorKind::kCredentials, fmt::format("no token of Microsoft Entra ID: {}", why),
              "Sign in with `az login`, or set ANTHROPIC_FOUNDRY_API_KEY or ANTHROPIC_FOUNDRY_AUTH_TOKEN.");
}

// Asks the Azure CLI, whose own cache renews what can be renewed without the person.
class EntraAuthenticator final : public Authenticator {
 public:
  EntraAuthenticator(std::vector<std::string> environment, os::Path folder, Clock clock)
      : environment_(std::move(environment)), folder_(std::move(folder)), clock_(std::move(clock)) {}

  Task<Result<>> authenticate(net::HttpRequest& request) override {
    if (token_.empty() || clock_() >= renew_at_) {
      const Result<> fetched = co_await fetch();
      if (!fetched) co_return std::unexpected(fetched.error());
    }
    net::set_header(request.headers, "authorization", "Bearer " + token_.expose());
    co_return Result<>{};
  }

  Task<Result<bool>> refresh(const net::Headers& refused, const net::Headers& /*response*/) override {
    const std::string* sent = net::find_header(refused, "authorization");
    // Another call may have fetched a new one meanwhile.
    if (sent != nullptr && *sent != "Bearer " + token_.expose()) co_return true;
    const Result<> fetched = co_await fetch();
    if (!fetched) co_return std::unexpected(fetched.error());
    co_return sent == nullptr || *sent != "Bearer " + token_.expose();
  }

 private:
  Task<Result<>> fetch() {
    os::ProcessOptions options{.argv = {"az", "account", "get-access-token", "--scope",
                                        "https://cognitiveservices.azure.com/.default", "--output", "json"},
                               .environment = environment_,
                               .working_directory = folder_};
    auto done = co_await os::run_command(std::move(options), {}, kTokenLimit, kMaxTokenOutput);
    if (!done) co_return no_token(done.error().message);
    if (!done->status.ok()) co_return no_token(redact(trim(done->err)));
    const auto answer = json::parse(done->out);
    std::string token = answer ? json::string_or_empty(*answer, "accessToken") : "";
    if (token.empty()) co_return no_token("`az account get-access-token` printed none");
    token_ = Secret(std::move(token));
    const auto expires = json::get_integer(*answer, "expires_on");
    renew_at_ = expires ? TimePoint(std::chrono::seconds(*expires)) - kTokenMargin : clock_() + kTokenMargin;
    co_return Result<>{};
  }

  std::vector<std::string> environment_;
  os::Path folder_;
  Clock clock_;
  Secret token_;
  TimePoint renew_at_{};
};

}  // namespace

std::unique_ptr<Authenticator> make_entra_authenticator(std::vector<std::string> environment, os::Path folder,
                                                        Clock clock) {
  return std::make_unique<EntraAuthenticator>(std::move(environment), std::move(folder), std::move(clock));
}

}  // namespace awl::anthropic
