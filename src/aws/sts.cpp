#include "aws/sts.h"

#include <fmt/format.h>

#include <utility>

#include "aws/service_call.h"
#include "aws/sigv4.h"
#include "aws/static_keys.h"
#include "aws/timestamp.h"
#include "aws/xml_text.h"
#include "base/encoding.h"
#include "base/strings.h"
#include "net/url.h"

namespace awl::aws {

namespace {

// application/x-www-form-urlencoded, field by field.
class Form {
 public:
  explicit Form(std::string_view action) { add("Action", action).add("Version", "2011-06-15"); }
  Form& add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    text_ += fmt::format("{}={}", percent_encode(name), percent_encode(value));
    return *this;
  }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

Form role_form(std::string_view action, const RoleRequest& role) {
  Form form(action);
  form.add("RoleArn", role.role_arn).add("RoleSessionName", role.session_name);
  if (!role.external_id.empty()) form.add("ExternalId", role.external_id);
  if (!role.policy.empty()) form.add("Policy", role.policy);
  if (role.duration_s) form.add("DurationSeconds", std::to_string(*role.duration_s));
  return form;
}

std::string advice(std::string_view code) {
  if (code == "AccessDenied")
    return "the role's trust policy must allow these credentials, and they must be allowed the action";
  if (code == "ExpiredToken" || code == "ExpiredTokenException" || code == "InvalidClientTokenId")
    return "the credentials it was asked with are no longer good: sign in again";
  if (code == "SignatureDoesNotMatch" || code == "RequestExpired")
    return "the secret key is wrong, or this machine's clock is";
  if (code == "InvalidIdentityToken" || code == "IDPRejectedClaim")
    return "the identity provider of the account must trust the issuer and audience of the token";
  if (code == "RegionDisabledException") return "STS must be activated in this region, or use another region";
  return "";
}

std::unexpected<Error> refused(const std::string& action, const ServiceReply& reply) {
  const std::string code = xml_text(reply.body, "Code").value_or(fmt::format("HTTP {}", reply.status));
  const std::string text = xml_text(reply.body, "Message").value_or("no reason given");
  const bool troubled = reply.status == 429 || reply.status >= 500;
  return fail(troubled ? ErrorKind::kNetwork : ErrorKind::kCredentials,
              fmt::format("STS refused {}: {}: {}", action, code, redact(text)), advice(code));
}

Result<Credentials> read_credentials(const std::string& xml, const std::string& action) {
  const auto part = [&xml](const char* name) {
    return StaticKeyPart{name, xml_text(xml, name).value_or("")};
  };
  const std::string place = fmt::format("the answer of STS to {}", action);
  auto credentials =
      to_credentials({part("AccessKeyId"), part("SecretAccessKey"), part("SessionToken"), place, "STS"});
  if (!credentials && credentials.error().kind == ErrorKind::kNotFound)
    return fail(ErrorKind::kCredentials, place + " holds no credentials");
  if (!credentials) return credentials;
  credentials->expiration = parse_timestamp(xml_text(xml, "Expiration").value_or(""));
  return credentials;
}

}  // namespace

StsClient::StsClient(net::HttpClient& http, StsPlace place, Clock clock)
    : http_(http), place_(std::move(place)), clock_(std::move(clock)) {}

net::HttpRequest StsClient::make_request(const std::string& form,
                                         const std::optional<Credentials>& signer) const {
  net::HttpRequest request;
  request.method = "POST";
  request.url = place_.endpoint + "/";
  request.body = form;
  request.headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
  const auto url = net::parse_url(request.url);
  if (!url || !signer) return request;  // a URL that is none is the client's to report
  net::set_header(request.headers, "host", url->authority());
  Signable signable{
      .method = request.method, .path = url->path, .query = url->query, .headers = {}, .body = form};
  for (const net::Header& header : request.headers) signable.headers.emplace_back(header.name, header.value);
  SigningConfig config;
  config.region = place_.region;
  config.service = "sts";
  config.date = clock_();
  config.add_payload_hash_header = false;
  for (const auto& [name, value] : sign(signable, config, *signer).headers_to_add)
    net::set_header(request.headers, name, value);
  return request;
}

Task<Result<std::string>> StsClient::call(std::string form, std::optional<Credentials> signer,
                                          std::string action) {
  const auto make = [this, &form, &signer] { return make_request(form, signer); };
  auto reply = co_await call_service(http_, make, fmt::format("STS at {}", place_.endpoint), {});
  if (!reply) co_return std::unexpected(std::move(reply).error());
  if (!reply->ok()) co_return refused(action, *reply);
  co_return std::move(reply->body);
}

Task<Result<Credentials>> StsClient::assume_role(RoleRequest role, Credentials base) {
  const std::string action = "AssumeRole of " + role.role_arn;
  Form fields = role_form("AssumeRole", role);
  std::string form = std::move(fields).text();
  auto xml = co_await call(std::move(form), std::move(base), action);
  if (!xml) co_return std::unexpected(std::move(xml).error());
  co_return read_credentials(*xml, action);
}

Task<Result<Credentials>> StsClient::assume_role_with_web_identity(RoleRequest role, Secret token) {
  const std::string action = "AssumeRoleWithWebIdentity of " + role.role_arn;
  Form form = role_form("AssumeRoleWithWebIdentity", role);
  form.add("WebIdentityToken", token.expose());
  std::string text = std::move(form).text();
  auto xml = co_await call(std::move(text), std::nullopt, action);
  if (!xml) co_return std::unexpected(std::move(xml).error());
  co_return read_credentials(*xml, action);
}

Task<Result<CallerIdentity>> StsClient::get_caller_identity(Credentials credentials) {
  std::string form = Form("GetCallerIdentity").text();
  auto xml = co_await call(std::move(form), std::move(credentials), "GetCallerIdentity");
  if (!xml) co_return std::unexpected(std::move(xml).error());
  co_return CallerIdentity{xml_text(*xml, "Arn").value_or(""), xml_text(*xml, "Account").value_or("")};
}

}  // namespace awl::aws
