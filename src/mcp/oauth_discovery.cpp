#include "mcp/oauth_discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "net/url.h"

namespace awl::mcp {

namespace {

constexpr size_t kMaxMetadataBytes = 1 << 20;
constexpr std::chrono::seconds kMetadataLimit{15};

std::string without_slash(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  return path;
}

std::string origin_of(const net::Url& url) { return fmt::format("{}://{}", url.scheme, url.authority()); }

// The parameter of a challenge, quoted or not.
std::string parameter(std::string_view header, std::string_view name) {
  for (size_t at = header.find(name); at != std::string_view::npos; at = header.find(name, at + 1)) {
    const bool begins = at == 0 || header[at - 1] == ' ' || header[at - 1] == ',';
    std::string_view rest = header.substr(at + name.size());
    if (!begins || !rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    if (!rest.starts_with('"')) return std::string(rest.substr(0, rest.find_first_of(", ")));
    rest.remove_prefix(1);
    return std::string(rest.substr(0, rest.find('"')));
  }
  return "";
}

// The description is about this server: the same origin, and a path that the server's begins with.
bool fits(const std::string& resource, const net::Url& server) {
  const auto named = net::parse_url(resource);
  if (!named || origin_of(*named) != origin_of(server)) return false;
  const std::string path = without_slash(named->path);
  return server.path.starts_with(path) &&
         (server.path.size() == path.size() || server.path[path.size()] == '/');
}

// What the resource says of itself; nullopt: nothing.
Task<Result<std::optional<json::Value>>> find_resource(net::HttpClient& http, net::Url server,
                                                       std::string named) {
  constexpr std::string_view kPath = "/.well-known/oauth-protected-resource";
  std::vector<std::string> places;
  if (!named.empty()) {
    places.push_back(std::move(named));
  } else {
    if (!without_slash(server.path).empty())
      places.push_back(fmt::format("{}{}{}", origin_of(server), kPath, without_slash(server.path)));
    places.push_back(fmt::format("{}{}", origin_of(server), kPath));
  }
  for (const std::string& place : places) {
    auto fetched = co_await fetch_json(http, place);
    AWL_CO_TRY(std::optional<json::Value> found, std::move(fetched));
    if (found) co_return found;
  }
  co_return std::nullopt;
}

std::vector<std::string> metadata_places(const net::Url& issuer) {
  const std::string origin = origin_of(issuer);
  const std::string path = without_slash(issuer.path);
  std::vector<std::string> places{fmt::format("{}/.well-known/oauth-authorization-server{}", origin, path),
                                  fmt::format("{}/.well-known/openid-configuration{}", origin, path)};
  if (!path.empty()) places.push_back(fmt::format("{}{}/.well-known/openid-configuration", origin, path));
  return places;
}

Result<> take_metadata(const json::Value& metadata, AuthServer& server) {
  server.issuer = json::string_or_empty(metadata, "issuer");
  server.authorization_endpoint = json::string_or_empty(metadata, "authorization_endpoint");
  server.token_endpoint = json::string_or_empty(metadata, "token_endpoint");
  server.registration_endpoint = json::string_or_empty(metadata, "registration_endpoint");
  server.token_auth_methods = json::strings_of(metadata, "token_endpoint_auth_methods_supported");
  server.token_signing_algorithms =
      json::strings_of(metadata, "token_endpoint_auth_signing_alg_values_supported");
  server.takes_client_metadata =
      json::get_bool(metadata, "client_id_metadata_document_supported").value_or(false);
  server.names_issuer =
      json::get_bool(metadata, "authorization_response_iss_parameter_supported").value_or(false);
  const auto challenges = json::strings_of(metadata, "code_challenge_methods_supported");
  if (!challenges.empty() && std::ranges::find(challenges, "S256") == challenges.end())
    return fail(ErrorKind::kUnsupported, fmt::format("{} does not take PKCE with S256", server.issuer));
  if (server.authorization_endpoint.empty() || server.token_endpoint.empty())
    return fail(ErrorKind::kParse, fmt::format("{} names no endpoints", server.issuer));
  return {};
}

}  // namespace

Challenge read_challenge(const net::Headers& headers) {
  const std::string* header = net::find_header(headers, "www-authenticate");
  if (header == nullptr) return {};
  return {parameter(*header, "resource_metadata"), parameter(*header, "scope"), parameter(*header, "error")};
}

bool is_safe_address(const std::string& url) {
  const auto parsed = net::parse_url(url);
  if (!parsed) return false;
  return parsed->scheme == "https" || parsed->host == "localhost" || parsed->host == "127.0.0.1" ||
         parsed->host == "::1";
}

Task<Result<std::optional<json::Value>>> fetch_json(net::HttpClient& http, std::string url) {
  if (!is_safe_address(url))
    co_return fail(ErrorKind::kInvalidInput, fmt::format("{} is neither https nor on this machine", url));
  net::HttpRequest request;
  request.url = url;
  request.headers = {{"accept", "application/json"}};
  request.total_timeout = kMetadataLimit;
  auto sent = co_await http.send(std::move(request));
  AWL_CO_TRY(const auto response, std::move(sent));
  const int status = response->head().status;
  auto read = co_await net::read_all(*response, kMaxMetadataBytes);
  AWL_CO_TRY(const std::string body, std::move(read));
  if (status >= 500)
    co_return fail(ErrorKind::kNetwork, fmt::format("{} answered with HTTP status {}", url, status));
  if (status != 200) co_return std::nullopt;
  auto parsed = json::parse(body);
  if (!parsed || !parsed->is_object()) co_return std::nullopt;
  co_return std::optional(std::move(*parsed));
}

Task<Result<AuthServer>> discover_auth_server(net::HttpClient& http, std::string server_url,
                                              Challenge challenge, std::string metadata_url) {
  AWL_CO_TRY(const net::Url server, net::parse_url(server_url));
  AuthServer found;
  auto looked = co_await find_resource(http, server, std::move(challenge.resource_metadata));
  AWL_CO_TRY(const std::optional<json::Value> resource, std::move(looked));
  // Before there was such a description, the server was its own authorization server.
  std::string issuer = origin_of(server);
  if (resource) {
    found.resource = json::string_or_empty(*resource, "resource");
    if (!fits(found.resource, server)) {
      co_return fail(ErrorKind::kInvalidInput,
                     fmt::format("what {} says of itself is about {}", server_url, found.resource));
    }
    found.scope = join(json::strings_of(*resource, "scopes_supported"), " ");
    const auto servers = json::strings_of(*resource, "authorization_servers");
    if (!servers.empty()) issuer = servers.front();
  }
  AWL_CO_TRY(const net::Url at, net::parse_url(issuer));
  std::vector<std::string> places = metadata_places(at);
  if (!metadata_url.empty()) places = {std::move(metadata_url)};
  for (const std::string& place : places) {
    auto fetched = co_await fetch_json(http, place);
    AWL_CO_TRY(const std::optional<json::Value> metadata, std::move(fetched));
    if (!metadata) continue;
    AWL_CO_CHECK(take_metadata(*metadata, found));
    co_return found;
  }
  if (resource) {
    co_return fail(ErrorKind::kUnsupported, fmt::format("{} describes no authorization server", issuer),
                   "`oauth.authServerMetadataUrl` of the server names where it does.");
  }
  // The endpoints that the revision 2025-03-26 takes for granted.
  found.issuer = issuer;
  found.authorization_endpoint = issuer + "/authorize";
  found.token_endpoint = issuer + "/token";
  found.registration_endpoint = issuer + "/register";
  co_return found;
}

}  // namespace awl::mcp
