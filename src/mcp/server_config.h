// MCP servers as they are configured. Source: product documentation, "mcp".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "json/json.h"
#include "net/http.h"
#include "os/file.h"

namespace awl::mcp {

/// The `oauth` object of a server. Everything may be empty.
struct OauthConfig {
  std::string client_id;            ///< of a client that was registered before
  std::string client_metadata_url;  ///< a document that stands for a registration, where servers take one
  std::string metadata_url;         ///< authServerMetadataUrl: where the authorization server is described
  std::string key_file;             ///< privateKeyFile: that of the client, instead of a secret
  std::string key_id;               ///< keyId: by which the server knows it
  std::string scopes;               ///< that are asked for, whatever the server names
  bool is_machine = false;          ///< `"grant": "client_credentials"`: no person signs in
  uint16_t callback_port = 0;       ///< that the browser comes back to; 0: any free one
};

struct ServerConfig {
  enum class Kind { kStdio, kHttp, kSse, kHosted };
  std::string name;
  Kind kind = Kind::kStdio;
  std::string command;
  std::vector<std::string> args;
  std::map<std::string, std::string> env;
  std::string url;
  net::Headers headers;
  OauthConfig oauth;
  std::string headers_helper;  ///< a shell command that prints further headers; empty: none
  bool always_load = false;    ///< its tools do not wait behind ToolSearch
  std::optional<std::chrono::milliseconds> tool_timeout;  ///< of its calls; nullopt: MCP_TOOL_TIMEOUT
  std::string scope;                                      ///< user, project, local, flag, plugin, managed
  std::vector<std::string> warnings;                      ///< sentences about what is odd
};

/// One server of an `mcpServers` object, with ${VAR} and ${VAR:-default} of `environment` filled in. Errors:
/// kInvalidInput, saying what is wrong.
Result<ServerConfig> parse_server(const std::string& name, const json::Value& written,
                                  const Environment& environment);

/// ${VAR} and ${VAR:-default}; what is not set stays as it is, and is added to `missing`.
std::string expand_variables(std::string_view text, const Environment& environment,
                             std::vector<std::string>& missing);

/// A name as tools carry it: everything but letters, digits, `_` and `-` becomes `_`.
std::string tool_part(std::string_view name);

}  // namespace awl::mcp
