#include "mcp/oauth_login.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "async/event.h"
#include "async/task_group.h"
#include "async/timeout.h"
#include "base/encoding.h"
#include "base/strings.h"
#include "base/uuid.h"
#include "crypto/sha256.h"
#include "json/json.h"
#include "mcp/client_assertion.h"
#include "mcp/oauth_token.h"
#include "net/http_server.h"
#include "net/url.h"

namespace awl::mcp {

namespace {

constexpr size_t kRandomBytes = 32;
constexpr size_t kMaxBody = 1 << 20;
constexpr std::chrono::seconds kRegistrationLimit{30};
constexpr std::string_view kPage =
    "<!doctype html><meta charset=utf-8><title>awl</title><p>{}</p><p>You can close this page.</p>";

std::map<std::string, std::string> parse_query(std::string_view target) {
  std::map<std::string, std::string> found;
  const size_t question = target.find('?');
  if (question == std::string_view::npos) return found;
  for (const std::string_view part : split(target.substr(question + 1), '&')) {
    const size_t equals = std::min(part.find('='), part.size());
    const std::string value(part.substr(std::min(equals + 1, part.size())));
    found[percent_decode(part.substr(0, equals))] = percent_decode(replace_all(value, "+", " "));
  }
  return found;
}

// Waits for the browser to come back.
class Callback final : public net::HttpHandler {
 public:
  Callback(const Executor& executor, std::string state) : state_(std::move(state)), came_(executor) {}

  Task<> handle(const net::ServerRequest& request, net::ResponseWriter& response) override {
    auto query = parse_query(request.target);
    const bool is_answer = request.target.starts_with("/callback?") && query["state"] == state_ && !answer_;
    const std::string words = !is_answer                ? "This address is not waited for."
                              : query.contains("error") ? "The sign-in was refused."
                                                        : "You are signed in.";
    static_cast<void>(co_await response.respond(is_answer ? 200 : 404,
                                                {{"content-type", "text/html; charset=utf-8"}},
                                                fmt::format(fmt::runtime(kPage), words)));
    if (!is_answer) co_return;
    answer_ = std::move(query);
    came_.notify_all();
  }
  Task<> wait() {
    while (!answer_) co_await came_.wait();
  }
  const std::map<std::string, std::string>& answer() const { return *answer_; }

 private:
  std::string state_;
  std::optional<std::map<std::string, std::string>> answer_;
  async::Event came_;
};

// The first requests of a session, of which the server refuses one with what one must know.
Task<Result<Challenge>> ask_for_challenge(net::HttpClient& http, std::string url) {
  net::Headers headers{{"accept", "application/json, text/event-stream"},
                       {"content-type", "application/json"}};
  for (
      const char* body :
      {R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"awl","version":"0"}}})",
       R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})"}) {
    net::HttpRequest request;
    request.method = "POST";
    request.url = url;
    request.headers = headers;
    request.body = body;
    request.total_timeout = kRegistrationLimit;
    auto sent = co_await http.send(std::move(request));
    AWL_CO_TRY(const auto response, std::move(sent));
    const net::HttpResponseHead& head = response->head();
    if (head.status == 401 || head.status == 403) co_return read_challenge(head.headers);
    if (head.status >= 500)
      co_return fail(ErrorKind::kNetwork, fmt::format("{} answered with HTTP status {}", url, head.status));
    if (head.status >= 300) co_return Challenge{};
    if (const std::string* session = net::find_header(head.headers, "mcp-session-id"))
      net::set_header(headers, "mcp-session-id", *session);
  }
  co_return fail(ErrorKind::kUnsupported, fmt::format("{} wants no login", url));
}

// How this client says who it is at the token endpoint.
std::string choose_auth_method(const std::vector<std::string>& offered, bool has_secret) {
  if (!has_secret) return "none";
  const auto has = [&](std::string_view method) {
    return std::ranges::find(offered, method) != offered.end();
  };
  return has("client_secret_post") && !has("client_secret_basic") ? "client_secret_post"
                                                                  : "client_secret_basic";
}

// Registers under the address that the browser comes back to. RFC 7591.
Task<Result<>> register_client(net::HttpClient& http, const AuthServer& server, std::string redirect,
                               std::string scope, Login& login) {
  if (server.registration_endpoint.empty()) {
    co_return fail(ErrorKind::kUnsupported, fmt::format("{} registers no clients by itself", server.issuer),
                   "Register one there and add the server with --client-id.");
  }
  if (!is_safe_address(server.registration_endpoint)) {
    co_return fail(ErrorKind::kInvalidInput,
                   fmt::format("{} is neither https nor on this machine", server.registration_endpoint));
  }
  const auto& offered = server.token_auth_methods;
  const bool takes_none = offered.empty() || std::ranges::find(offered, "none") != offered.end();
  json::Value wanted{{"client_name", "Awl"},
                     {"redirect_uris", json::Value::array({redirect})},
                     {"grant_types", {"authorization_code", "refresh_token"}},
                     {"response_types", json::Value::array({"code"})},
                     {"token_endpoint_auth_method", takes_none ? "none" : choose_auth_method(offered, true)}};
  if (!scope.empty()) wanted["scope"] = scope;
  net::HttpRequest request;
  request.method = "POST";
  request.url = server.registration_endpoint;
  request.headers = {{"accept", "application/json"}, {"content-type", "application/json"}};
  request.body = json::dump(wanted);
  request.total_timeout = kRegistrationLimit;
  auto sent = co_await http.send(std::move(request));
  AWL_CO_TRY(const auto response, std::move(sent));
  const int status = response->head().status;
  auto read = co_await net::read_all(*response, kMaxBody);
  AWL_CO_TRY(const std::string body, std::move(read));
  const auto answer = json::parse(body);
  if (status < 200 || status >= 300 || !answer)
    co_return fail(ErrorKind::kCredentials,
                   fmt::format("{} does not register awl: HTTP status {}, {}", server.registration_endpoint,
                               status, body.substr(0, 300)));
  login.client_id = json::string_or_empty(*answer, "client_id");
  login.client_secret = json::string_or_empty(*answer, "client_secret");
  login.auth_method = json::string_or_empty(*answer, "token_endpoint_auth_method");
  if (login.auth_method.empty() || (login.auth_method != "none" && login.client_secret.empty()))
    login.auth_method = choose_auth_method(offered, !login.client_secret.empty());
  if (login.client_id.empty())
    co_return fail(ErrorKind::kParse, fmt::format("{} gave no client id", server.registration_endpoint));
  co_return Result<>();
}

Result<std::string> code_of(const std::map<std::string, std::string>& answer, const AuthServer& server) {
  const auto value = [&answer](const std::string& key) {
    const auto found = answer.find(key);
    return found == answer.end() ? "" : found->second;
  };
  if (!value("error").empty()) {
    return fail(ErrorKind::kCredentials,
                fmt::format("{} refused: {} {}", server.issuer, value("error"), value("error_description")));
  }
  // An answer of another server is not to be taken for this one's (RFC 9207).
  if ((answer.contains("iss") || server.names_issuer) && value("iss") != server.issuer)
    return fail(ErrorKind::kCredentials,
                fmt::format("the answer is of {}, not of {}", value("iss"), server.issuer));
  if (value("code").empty())
    return fail(ErrorKind::kParse, fmt::format("{} answered without a code", server.issuer));
  return value("code");
}

std::string choose_scope(const LoginOptions& options, const Challenge& challenge, const AuthServer& server) {
  if (!options.oauth.scopes.empty()) return options.oauth.scopes;
  if (!options.wanted_scope.empty()) return options.wanted_scope;
  return challenge.scope.empty() ? server.scope : challenge.scope;
}

// A client that was registered before: its key, or else its secret, says who it is.
Result<> use_registered_client(const LoginOptions& options, const AuthServer& server, Login& login) {
  login.client_id = options.oauth.client_id;
  if (!options.oauth.key_file.empty()) {
    login.auth_method = kPrivateKeyMethod;
    login.key_file = options.oauth.key_file;
    login.key_id = options.oauth.key_id;
    return check_client_key(login, server);
  }
  login.client_secret = options.client_secret;
  login.auth_method = choose_auth_method(server.token_auth_methods, !login.client_secret.empty());
  return {};
}

Task<Result<>> choose_client(net::HttpClient& http, const LoginOptions& options, const AuthServer& server,
                             std::string redirect, std::string scope, Login& login) {
  if (!options.oauth.client_id.empty()) co_return use_registered_client(options, server, login);
  if (server.takes_client_metadata && !options.oauth.client_metadata_url.empty()) {
    login.client_id = options.oauth.client_metadata_url;
    login.auth_method = "none";
    co_return Result<>();
  }
  auto registered = co_await register_client(http, server, std::move(redirect), std::move(scope), login);
  co_return registered;
}

// Without a person: the client itself is who asks.
Task<Result<Login>> log_in_as_machine(net::HttpClient& http, const LoginOptions& options,
                                      const AuthServer& server, std::string scope) {
  if (options.oauth.client_id.empty() || (options.client_secret.empty() && options.oauth.key_file.empty())) {
    co_return fail(
        ErrorKind::kInvalidInput, "a login without a person needs a client id and a secret or a private key",
        "`oauth.clientId` of the server and MCP_CLIENT_SECRET or `oauth.privateKeyFile` give them.");
  }
  Login login{.issuer = server.issuer,
              .token_endpoint = server.token_endpoint,
              .resource = server.resource,
              .scope = scope,
              .grant = std::string(kMachineGrant)};
  AWL_CO_CHECK(use_registered_client(options, server, login));
  auto got = co_await request_token(http, machine_form(scope), login, options.clock());
  AWL_CO_CHECK(std::move(got));
  co_return login;
}

}  // namespace

Task<Result<Login>> log_in(net::HttpClient& http, LoginOptions options) {
  auto asked = co_await ask_for_challenge(http, options.server_url);
  AWL_CO_TRY(const Challenge challenge, std::move(asked));
  auto discovered =
      co_await discover_auth_server(http, options.server_url, challenge, options.oauth.metadata_url);
  AWL_CO_TRY(const AuthServer server, std::move(discovered));
  const std::string scope = choose_scope(options, challenge, server);
  if (options.oauth.is_machine) {
    auto got = co_await log_in_as_machine(http, options, server, scope);
    co_return got;
  }
  if (!is_safe_address(server.authorization_endpoint)) {
    co_return fail(ErrorKind::kInvalidInput,
                   fmt::format("{} is neither https nor on this machine", server.authorization_endpoint));
  }
  const Executor executor = co_await boost::asio::this_coro::executor;
  const std::string state = random_hex(kRandomBytes);
  Callback callback(executor, state);
  net::ServerOptions listen;
  listen.port = options.oauth.callback_port;
  AWL_CO_TRY(const auto listener, net::HttpServer::listen(executor, listen, callback));
  const std::string redirect = fmt::format("http://localhost:{}/callback", listener->port());
  Login login{.issuer = server.issuer, .token_endpoint = server.token_endpoint, .resource = server.resource};
  auto chosen = co_await choose_client(http, options, server, redirect, scope, login);
  AWL_CO_CHECK(std::move(chosen));

  const std::string verifier = random_hex(kRandomBytes);
  std::string url = fmt::format(
      "{}{}response_type=code&client_id={}&code_challenge={}&code_challenge_method=S256&redirect_uri={}&"
      "state={}",
      server.authorization_endpoint, server.authorization_endpoint.contains('?') ? '&' : '?',
      percent_encode(login.client_id), to_base64_url(crypto::sha256(verifier)), percent_encode(redirect),
      state);
  if (!scope.empty()) url += "&scope=" + percent_encode(scope);
  if (!server.resource.empty()) url += "&resource=" + percent_encode(server.resource);

  async::TaskGroup serving(executor);
  serving.spawn(listener->run());
  serving.spawn(options.open_browser(std::move(url)));
  auto waiting = callback.wait();
  const bool came = co_await async::finish_within(std::move(waiting), options.patience);
  serving.cancel();
  co_await serving.join();
  if (!came)
    co_return fail(ErrorKind::kTimeout,
                   fmt::format("nobody signed in within {} s", options.patience.count()));
  AWL_CO_TRY(const std::string code, code_of(callback.answer(), server));
  login.scope = scope;
  std::string form = fmt::format("grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={}",
                                 percent_encode(code), percent_encode(redirect), verifier);
  auto got = co_await request_token(http, std::move(form), login, options.clock());
  AWL_CO_CHECK(std::move(got));
  co_return login;
}

}  // namespace awl::mcp
