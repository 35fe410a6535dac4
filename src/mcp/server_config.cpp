#include "mcp/server_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"

namespace awl::mcp {

namespace {

constexpr std::string_view kReserved[] = {"workspace", "claude-in-chrome", "computer-use", "Claude Preview",
                                          "Claude Browser"};

class Reader {
 public:
  Reader(const json::Value& written, const Environment& environment, ServerConfig& config)
      : written_(written), environment_(environment), config_(config) {}

  std::string text(std::string_view key) { return expand(key, json::string_or_empty(written_, key)); }

  std::vector<std::string> list(std::string_view key) {
    std::vector<std::string> texts;
    for (const std::string& text : json::strings_of(written_, key)) texts.push_back(expand(key, text));
    return texts;
  }

  std::map<std::string, std::string> object(std::string_view key) {
    std::map<std::string, std::string> pairs;
    const json::Value* value = json::find(written_, key);
    if (value == nullptr || !value->is_object()) return pairs;
    for (const auto& [name, item] : value->items()) {
      const std::string shown = item.is_string() ? item.get<std::string>() : json::dump(item);
      pairs[name] = expand(fmt::format("{}.{}", key, name), shown);
    }
    return pairs;
  }

  void warn() {
    if (!missing_.empty())
      config_.warnings.push_back(
          fmt::format("{}: these variables are not set: {}", config_.name, join(missing_, ", ")));
    if (!padded_.empty())
      config_.warnings.push_back(fmt::format("{}: there is leading or trailing white space in: {}",
                                             config_.name, join(padded_, ", ")));
  }

 private:
  std::string expand(std::string_view key, const std::string& value) {
    std::string expanded = expand_variables(value, environment_, missing_);
    if (trim(expanded) != expanded) padded_.emplace_back(key);
    return expanded;
  }

  const json::Value& written_;
  const Environment& environment_;
  ServerConfig& config_;
  std::vector<std::string> missing_;
  std::vector<std::string> padded_;
};

Result<ServerConfig::Kind> kind_of(const json::Value& written) {
  using enum ServerConfig::Kind;
  const std::string type = json::string_or_empty(written, "type");
  if (type == "http" || type == "streamable-http") return kHttp;
  if (type == "sse") return kSse;
  if (type == "sdk") return kHosted;
  if (type == "stdio") return kStdio;
  if (!type.empty())
    return fail(ErrorKind::kInvalidInput, fmt::format("its type {} is not one of stdio, http, sse", type));
  if (json::find(written, "command") != nullptr) return kStdio;
  if (json::find(written, "url") != nullptr) return kHttp;
  return fail(ErrorKind::kInvalidInput, "it has neither a `command` nor a `url`");
}

}  // namespace

std::string expand_variables(std::string_view text, const Environment& environment,
                             std::vector<std::string>& missing) {
  std::string expanded;
  while (!text.empty()) {
    const size_t at = text.find("${");
    expanded += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at);
    const size_t end = text.find('}');
    if (end == std::string_view::npos) {
      expanded += text;
      break;
    }
    const std::string_view inside = text.substr(2, end - 2);
    const size_t dash = inside.find(":-");
    const std::string name(inside.substr(0, dash));
    const auto value = environment.find(name);
    if (value && !(value->empty() && dash != std::string_view::npos)) {
      expanded += *value;
    } else if (dash != std::string_view::npos) {
      expanded += inside.substr(dash + 2);
    } else {
      missing.push_back(name);
      expanded += text.substr(0, end + 1);
    }
    text.remove_prefix(end + 1);
  }
  return expanded;
}

Result<ServerConfig> parse_server(const std::string& name, const json::Value& written,
                                  const Environment& environment) {
  if (!written.is_object())
    return fail(ErrorKind::kInvalidInput, fmt::format("the server {} is no object", name));
  if (std::ranges::find(kReserved, name) != std::end(kReserved))
    return fail(ErrorKind::kInvalidInput,
                fmt::format("the name {} is reserved; give the server another", name));
  ServerConfig config;
  config.name = name;
  const auto kind = kind_of(written);
  if (!kind)
    return fail(ErrorKind::kInvalidInput, fmt::format("the server {}: {}", name, kind.error().message));
  config.kind = *kind;
  Reader reader(written, environment, config);
  config.command = reader.text("command");
  config.args = reader.list("args");
  config.env = reader.object("env");
  config.url = reader.text("url");
  for (const auto& [header, value] : reader.object("headers")) net::set_header(config.headers, header, value);
  config.headers_helper = json::string_or_empty(written, "headersHelper");
  if (const json::Value* oauth = json::find(written, "oauth"); oauth != nullptr) {
    std::vector<std::string> missing;  // such a file is then not found, by its name
    config.oauth = {
        .client_id = json::string_or_empty(*oauth, "clientId"),
        .client_metadata_url = json::string_or_empty(*oauth, "clientMetadataUrl"),
        .metadata_url = json::string_or_empty(*oauth, "authServerMetadataUrl"),
        .key_file = expand_variables(json::string_or_empty(*oauth, "privateKeyFile"), environment, missing),
        .key_id = json::string_or_empty(*oauth, "keyId"),
        .scopes = json::string_or_empty(*oauth, "scopes"),
        .is_machine = json::string_or_empty(*oauth, "grant") == "client_credentials"};
    if (const auto port = json::get_integer(*oauth, "callbackPort"); port && *port > 0 && *port < 65'536)
      config.oauth.callback_port = static_cast<uint16_t>(*port);
  }
  config.always_load = json::get_bool(written, "alwaysLoad").value_or(false);
  if (const auto timeout = json::get_number(written, "timeout"); timeout && *timeout > 0)
    config.tool_timeout = std::chrono::milliseconds(static_cast<long long>(std::min(*timeout, 1e9)));
  reader.warn();
  if (config.kind == ServerConfig::Kind::kStdio && config.command.empty())
    return fail(ErrorKind::kInvalidInput, fmt::format("the server {} has no `command`", name));
  if ((config.kind == ServerConfig::Kind::kHttp || config.kind == ServerConfig::Kind::kSse) &&
      config.url.empty())
    return fail(ErrorKind::kInvalidInput, fmt::format("the server {} has no `url`", name));
  return config;
}

std::string tool_part(std::string_view name) {
  std::string part;
  for (const char c : name) {
    const bool fits = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    part += fits ? c : '_';
  }
  return part;
}

}  // namespace awl::mcp
