#include "emulator/admission.h"

#include <fmt/format.h>

#include "base/strings.h"
#include "emulator/platform_routes.h"

namespace awl::emulator {

namespace {

std::string path_of(const net::ServerRequest& request) {
  return request.target.substr(0, request.target.find('?'));
}

ApiResult<const PlatformRoute*> known_route(const net::ServerRequest& request) {
  const std::string path = path_of(request);
  if (const PlatformRoute* route = find_platform_route(request.method, path)) return route;
  if (is_platform_path(path))
    return std::unexpected(ApiError{405, "invalid_request_error", "Method Not Allowed"});
  return not_found(
      fmt::format("{} {} is not emulated: Claude Platform on AWS has no such route. awl emulator serves POST "
                  "/v1/messages, POST /v1/messages/count_tokens, GET /v1/models and GET /v1/models/{{id}}.",
                  request.method, path));
}

std::string workspace_arn(const Config& config, const std::string& workspace) {
  return fmt::format("arn:aws:{}:{}:{}:workspace/{}", kPlatformService, config.region, config.account,
                     workspace);
}

void add_tags(IamContext& context, std::string_view prefix, const std::map<std::string, std::string>& tags) {
  for (const auto& [name, value] : tags) context[fmt::format("{}/{}", prefix, to_lower(name))] = {value};
}

IamContext context_of(const Config& config, const net::ServerRequest& request, TimePoint now,
                      const Identity& identity, const Principal& who) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  const bool is_user = who.kind == Principal::Kind::kUser;
  IamContext context = {
      {"aws:currenttime", {format_iso8601(now)}},
      {"aws:epochtime", {std::to_string(duration_cast<seconds>(now.time_since_epoch()).count())}},
      {"aws:principalaccount", {config.account}},
      {"aws:principalarn", {principal_arn_key(who, config.account)}},
      {"aws:principaltype", {is_user ? "User" : "AssumedRole"}},
      {"aws:requestedregion", {config.region}},
      {"aws:resourceaccount", {config.account}},
      {"aws:securetransport", {"true"}},  // the emulated endpoint is HTTPS, whatever stands before it here
      {"aws:viaawsservice", {"false"}},
      {"aws:principalisawsservice", {"false"}},
  };
  const std::string& address = config.source_ip.empty() ? request.remote_address : config.source_ip;
  if (!address.empty()) context["aws:sourceip"] = {address};
  if (const std::string* agent = net::find_header(request.headers, "user-agent"))
    context["aws:useragent"] = {*agent};
  if (is_user) context["aws:username"] = {who.name};
  if (identity.is_temporary) {
    context["aws:multifactorauthpresent"] = {"false"};
    context["aws:tokenissuetime"] = {format_iso8601(config.started)};
  }
  add_tags(context, "aws:principaltag", who.tags);
  const auto tags = config.workspace_tags.find(identity.workspace);
  if (tags != config.workspace_tags.end()) add_tags(context, "aws:resourcetag", tags->second);
  return context;
}

ApiResult<> authorize(const Config& config, const net::ServerRequest& request, TimePoint now,
                      const Identity& identity, std::string_view action) {
  const Principal& who = *identity.who;
  IamRequest asked;
  asked.action = fmt::format("{}:{}", kPlatformService, action);
  asked.resource = is_account_action(action) ? "*" : workspace_arn(config, identity.workspace);
  asked.context = context_of(config, request, now, identity, who);
  const IamDecision decision = evaluate(who.policies, asked);
  if (decision.kind == IamDecision::Kind::kAllow) return {};
  const std::string because =
      decision.kind == IamDecision::Kind::kExplicitDeny
          ? "with an explicit deny in an identity-based policy"
          : fmt::format("because no identity-based policy allows the {} action", asked.action);
  return forbidden(
      fmt::format("AccessDeniedException: User: {} is not authorized to perform: {} on resource: {} {}",
                  arn_of(who, config.account), asked.action, asked.resource, because));
}

}  // namespace

ApiResult<> admit(const Config& config, const net::ServerRequest& request, TimePoint now,
                  Identity& identity) {
  AWL_TRY(const PlatformRoute* route, known_route(request));
  AWL_TRY(identity, authenticate(config, request, now));
  if (!config.web_identity_federation)
    return forbidden("Outbound web identity federation is disabled for your account");
  if (identity.who == nullptr) return {};
  if (identity.method != "sigv4") {
    AWL_CHECK(authorize(config, request, now, identity, "CallWithBearerToken"));
  }
  return authorize(config, request, now, identity, route->action);
}

}  // namespace awl::emulator
