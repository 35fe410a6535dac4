// Access tokens of MCP servers that a person signed in to.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "async/event.h"
#include "async/task.h"
#include "base/clock.h"
#include "mcp/login_store.h"
#include "net/http.h"

namespace awl::mcp {

constexpr std::string_view kMachineGrant = "client_credentials";
/// The form of a client that asks for itself.
std::string machine_form(const std::string& scope);

/// Asks a token endpoint; `form` is without what says who asks. Fills the tokens of `login` in. Errors:
/// kCredentials with what the server says, kNetwork, kParse.
Task<Result<>> request_token(net::HttpClient& http, std::string form, Login& login, TimePoint now);

/// The tokens of one server, of the store that all processes share.
class TokenSource {
 public:
  /// `http` outlives it.
  TokenSource(Executor executor, net::HttpClient& http, LoginStore store, std::string url, Clock clock);

  /// A token that has not expired; "" when nobody signed in, or it cannot be renewed.
  Task<std::string> token();
  /// The server refused this token: true when there is another one now.
  Task<bool> renew(std::string refused);
  /// The server wants more than the token may: the next login asks for it.
  void want_scope(const std::string& scope);

 private:
  Task<bool> refresh();

  net::HttpClient& http_;
  LoginStore store_;
  std::string url_;
  Clock clock_;
  bool refreshing_ = false;
  async::Event refreshed_;
};

}  // namespace awl::mcp
