#include "mcp/oauth_token.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/strings.h"
#include "json/json.h"
#include "mcp/client_assertion.h"
#include "mcp/oauth_discovery.h"

namespace awl::mcp {

namespace {

constexpr size_t kMaxTokenBytes = 1 << 20;
constexpr std::chrono::seconds kTokenLimit{30};
constexpr int64_t kMarginSeconds = 60;
constexpr size_t kShownCause = 300;

int64_t seconds_of(TimePoint time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

// "invalid_grant: the code has expired", of an error's body.
std::string cause_of(const std::string& body) {
  const auto parsed = json::parse(body);
  const std::string error = parsed ? json::string_or_empty(*parsed, "error") : "";
  const std::string text = parsed ? json::string_or_empty(*parsed, "error_description") : "";
  if (error.empty()) return body.substr(0, kShownCause);
  return text.empty() ? error : fmt::format("{}: {}", error, text.substr(0, kShownCause));
}

}  // namespace

std::string machine_form(const std::string& scope) {
  std::string form = fmt::format("grant_type={}", kMachineGrant);
  if (!scope.empty()) form += "&scope=" + percent_encode(scope);
  return form;
}

Task<Result<>> request_token(net::HttpClient& http, std::string form, Login& login, TimePoint now) {
  if (!is_safe_address(login.token_endpoint)) {
    co_return fail(
        ErrorKind::kInvalidInput,
        fmt::format("the token endpoint {} is neither https nor on this machine", login.token_endpoint));
  }
  net::HttpRequest request;
  request.method = "POST";
  request.url = login.token_endpoint;
  request.headers = {{"accept", "application/json"}, {"content-type", "application/x-www-form-urlencoded"}};
  request.total_timeout = kTokenLimit;
  if (login.auth_method == "client_secret_basic") {
    net::set_header(
        request.headers, "authorization",
        "Basic " + to_base64(percent_encode(login.client_id) + ":" + percent_encode(login.client_secret)));
  } else {
    form += "&client_id=" + percent_encode(login.client_id);
    if (login.auth_method == "client_secret_post")
      form += "&client_secret=" + percent_encode(login.client_secret);
    if (login.auth_method == kPrivateKeyMethod) {
      AWL_CO_TRY(const std::string proof, assertion_form(login, now));
      form += "&" + proof;
    }
  }
  if (!login.resource.empty()) form += "&resource=" + percent_encode(login.resource);
  request.body = std::move(form);
  auto sent = co_await http.send(std::move(request));
  AWL_CO_TRY(const auto response, std::move(sent));
  const int status = response->head().status;
  auto read = co_await net::read_all(*response, kMaxTokenBytes);
  AWL_CO_TRY(const std::string body, std::move(read));
  if (status >= 500)
    co_return fail(ErrorKind::kNetwork,
                   fmt::format("{} answered with HTTP status {}", login.token_endpoint, status));
  if (status != 200)
    co_return fail(ErrorKind::kCredentials,
                   fmt::format("{} gives no token: {}", login.token_endpoint, cause_of(body)));
  AWL_CO_TRY(const json::Value answer, json::parse(body));
  login.access_token = json::string_or_empty(answer, "access_token");
  if (login.access_token.empty())
    co_return fail(ErrorKind::kParse, fmt::format("{} answered without a token", login.token_endpoint));
  // A server that says nothing of it lets the old one stand.
  if (std::string token = json::string_or_empty(answer, "refresh_token"); !token.empty())
    login.refresh_token = std::move(token);
  if (std::string scope = json::string_or_empty(answer, "scope"); !scope.empty())
    login.scope = std::move(scope);
  const auto lifetime = json::get_integer(answer, "expires_in");
  login.expires_at = lifetime && *lifetime > 0 ? seconds_of(now) + *lifetime : 0;
  co_return Result<>();
}

TokenSource::TokenSource(Executor executor, net::HttpClient& http, LoginStore store, std::string url,
                         Clock clock)
    : http_(http),
      store_(std::move(store)),
      url_(std::move(url)),
      clock_(std::move(clock)),
      refreshed_(executor) {}

Task<std::string> TokenSource::token() {
  while (refreshing_) co_await refreshed_.wait();
  auto login = store_.find(url_);
  if (!login) co_return "";
  const bool expired = login->expires_at != 0 && login->expires_at - kMarginSeconds < seconds_of(clock_());
  if (!expired) co_return login->access_token;
  // A token that cannot be renewed may still be good; the server says so.
  const bool renewed = co_await refresh();
  if (!renewed) co_return login->access_token;
  login = store_.find(url_);
  co_return login ? login->access_token : "";
}

Task<bool> TokenSource::renew(std::string refused) {
  while (refreshing_) co_await refreshed_.wait();
  const auto login = store_.find(url_);
  // Another process, or another request, was faster.
  if (login && login->access_token != refused) co_return true;
  const bool renewed = co_await refresh();
  co_return renewed;
}

Task<bool> TokenSource::refresh() {
  auto login = store_.find(url_);
  if (!login) co_return false;
  const bool is_machine = login->grant == kMachineGrant;
  if (!is_machine && login->refresh_token.empty()) co_return false;
  refreshing_ = true;
  const auto done = [this](void*) {
    refreshing_ = false;
    refreshed_.notify_all();
  };
  const std::unique_ptr<void, decltype(done)> at_end(this, done);
  std::string form = is_machine
                         ? machine_form(login->scope)
                         : "grant_type=refresh_token&refresh_token=" + percent_encode(login->refresh_token);
  const auto got = co_await request_token(http_, std::move(form), *login, clock_());
  co_return got&& store_.put(url_, *login);
}

void TokenSource::want_scope(const std::string& scope) {
  auto login = store_.find(url_);
  if (!login || scope.empty()) return;
  login->wanted_scope = scope;
  // Not kept, the next login asks for what the server then says.
  static_cast<void>(store_.put(url_, *login));
}

}  // namespace awl::mcp
