// What the emulator serves and whom it lets in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"

namespace awl::emulator {

struct Config {
  std::string address = "127.0.0.1";
  uint16_t port = 0;  ///< 0: the kernel chooses
  bool allow_remote = false;
  std::string region = "us-east-1";
  std::vector<std::string> workspaces;  ///< known in `region`
  std::vector<aws::Credentials> access_keys;
  std::vector<Secret> api_keys;       ///< for x-api-key
  std::vector<Secret> bearer_tokens;  ///< for Authorization: Bearer
  bool require_auth = true;           ///< false: credentials are not looked at; the workspace still is
  std::string scenario;               ///< a scenario file; empty: the built-in explorer
  std::string port_file;
  std::string record_file;
};

/// ID:SECRET or ID:SECRET:TOKEN. Errors: kInvalidInput; the text itself is not repeated, it holds a secret.
Result<aws::Credentials> parse_access_key(std::string_view text);

/// Fills what was left out (a workspace; a made-up key pair when nobody could sign in otherwise; keys with a
/// session token expire `token_lifetime` after `now`) and checks the rest. Errors: kInvalidInput.
Result<Config> complete(Config config, std::optional<std::chrono::seconds> token_lifetime, TimePoint now);

/// True for 127.0.0.0/8, ::1 and localhost.
bool is_loopback(std::string_view address);

/// "http://127.0.0.1:8787", an address that a client on this machine can reach.
std::string base_url(const Config& config, uint16_t port);

/// What is printed at the start: what this is, where it listens, and the lines for a shell. Shows the secrets
/// of `config`: they are the person's own or made up.
std::string banner(const Config& config, uint16_t port);

}  // namespace awl::emulator
