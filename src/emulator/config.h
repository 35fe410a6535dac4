// What the emulator serves and whom it lets in.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "emulator/fault.h"
#include "emulator/principal.h"
#include "emulator/rate_limiter.h"
#include "emulator/relay.h"

namespace awl::emulator {

struct Config {
  std::string address = "127.0.0.1";
  uint16_t port = 0;  ///< 0: the kernel chooses
  bool allow_remote = false;
  std::string region = "us-east-1";
  std::string account = "123456789012";
  std::vector<std::string> workspaces;                    ///< known in `region`
  std::map<std::string, std::string> foreign_workspaces;  ///< those of other regions, with their region
  std::map<std::string, std::map<std::string, std::string>> workspace_tags;
  std::vector<Principal> principals;
  bool web_identity_federation = true;   ///< false: as in an account where it was never switched on
  std::chrono::seconds clock_offset{0};  ///< how far the platform's clock is ahead of this machine's
  std::string source_ip;                 ///< aws:SourceIp in place of the peer's address; empty: the peer's
  TimePoint started{};                   ///< when temporary credentials were issued
  // The credentials of the command line: they all belong to one user, "emulator".
  Principal command_line{.name = "emulator"};
  std::vector<std::string> policies;  ///< names or files for that user; empty: it may do everything
  std::vector<aws::Credentials> access_keys;
  std::vector<Secret> api_keys;       ///< for x-api-key
  std::vector<Secret> bearer_tokens;  ///< for Authorization: Bearer
  bool require_auth = true;           ///< false: credentials are not looked at; the workspace still is
  std::string scenario;               ///< a scenario file; empty: the built-in explorer
  std::string port_file;
  std::string record_file;           ///< of requests
  std::string exchange_record_file;  ///< of requests and responses
  std::string replay_file;           ///< exchanges that answer in place of the model
  bool replay_timing = false;        ///< with the pauses of the record
  Upstream upstream;                 ///< answers in place of the model when it has a URL
  Limits limits;
  std::vector<FaultRule> faults;
  uint64_t seed = 1;  ///< of faults with a probability
};

/// Whom the credentials of the command line belong to; nullptr when no policy limits them.
const Principal* command_line_principal(const Config& config);

/// ID:SECRET or ID:SECRET:TOKEN. Errors: kInvalidInput; the text itself is not repeated, it holds a secret.
Result<aws::Credentials> parse_access_key(std::string_view text);

/// Fills what was left out (a workspace; a made-up key pair when nobody could sign in otherwise; keys with a
/// session token expire `token_lifetime` after `now`), loads `policies` and checks the rest. Errors:
/// kInvalidInput, and those of reading a policy.
Result<Config> complete(Config config, std::optional<std::chrono::seconds> token_lifetime, TimePoint now);

/// True for 127.0.0.0/8, ::1 and localhost.
bool is_loopback(std::string_view address);

/// "http://127.0.0.1:8787", an address that a client on this machine can reach.
std::string base_url(const Config& config, uint16_t port);

/// What is printed at the start: what this is, where it listens, and the lines for a shell. Shows the secrets
/// of `config`: they are the person's own or made up.
std::string banner(const Config& config, uint16_t port);

}  // namespace awl::emulator
