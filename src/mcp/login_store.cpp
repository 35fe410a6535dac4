#include "mcp/login_store.h"

#include <array>
#include <nlohmann/json.hpp>

#include "config/shared_file.h"
#include "json/json.h"

namespace awl::mcp {

namespace {

struct Field {
  const char* key;
  std::string Login::* member;
};
constexpr std::array kFields{Field{"issuer", &Login::issuer},
                             Field{"tokenEndpoint", &Login::token_endpoint},
                             Field{"resource", &Login::resource},
                             Field{"clientId", &Login::client_id},
                             Field{"clientSecret", &Login::client_secret},
                             Field{"authMethod", &Login::auth_method},
                             Field{"keyFile", &Login::key_file},
                             Field{"keyId", &Login::key_id},
                             Field{"accessToken", &Login::access_token},
                             Field{"refreshToken", &Login::refresh_token},
                             Field{"scope", &Login::scope},
                             Field{"wantedScope", &Login::wanted_scope},
                             Field{"grant", &Login::grant}};

Result<> change(const os::Path& file, const std::function<void(json::Value&)>& edit) {
  AWL_CHECK(os::make_directories(file.parent_path(), 0700));
  return config::update_file(file, [&](std::string_view before) -> Result<std::string> {
    const auto parsed = json::parse(before);
    json::Value root = parsed && parsed->is_object() ? *parsed : json::Value::object();
    edit(root);
    return json::dump(root);
  });
}

}  // namespace

std::optional<Login> LoginStore::find(const std::string& url) const {
  const auto text = os::read_file(file_);
  const auto root = text ? json::parse(*text) : Result<json::Value>(json::Value());
  const json::Value* written = root ? json::find(*root, url) : nullptr;
  if (written == nullptr) return std::nullopt;
  Login login;
  for (const Field& field : kFields) login.*field.member = json::string_or_empty(*written, field.key);
  login.expires_at = json::get_integer(*written, "expiresAt").value_or(0);
  return login;
}

Result<> LoginStore::put(const std::string& url, const Login& login) const {
  json::Value written{{"expiresAt", login.expires_at}};
  for (const Field& field : kFields) {
    if (!(login.*field.member).empty()) written[field.key] = login.*field.member;
  }
  return change(file_, [&](json::Value& root) { root[url] = written; });
}

Result<bool> LoginStore::remove(const std::string& url) const {
  bool was_there = false;
  AWL_CHECK(change(file_, [&](json::Value& root) { was_there = root.erase(url) > 0; }));
  return was_there;
}

}  // namespace awl::mcp
