#include "cli/network_setup.h"

#include "aws/cached_provider.h"
#include "aws/default_chain.h"
#include "base/clock.h"

namespace awl::cli {

std::unique_ptr<anthropic::Authenticator> make_authenticator(const Setup& setup) {
  if (auto usable = anthropic::check(setup.provider); !usable)
    return anthropic::make_refusing_authenticator(std::move(usable).error());
  if (setup.provider.auth != anthropic::AuthMethod::kSigV4)
    return anthropic::make_key_authenticator(setup.provider);
  auto chain = aws::make_default_chain(setup.environment, system_clock_now);
  return anthropic::make_sigv4_authenticator(
      setup.provider, aws::make_cached_provider(std::move(chain), system_clock_now), system_clock_now);
}

net::CurlClientOptions make_http_options(const Environment& environment) {
  const auto either = [&environment](const char* lower, const char* upper) {
    const std::string value = environment.get(lower);
    return value.empty() ? environment.get(upper) : value;
  };
  net::CurlClientOptions options;
  options.http_proxy = either("http_proxy", "HTTP_PROXY");
  options.https_proxy = either("https_proxy", "HTTPS_PROXY");
  options.no_proxy = either("no_proxy", "NO_PROXY");
  options.extra_ca_file = environment.get("NODE_EXTRA_CA_CERTS");
  options.client_certificate_file = environment.get("CLAUDE_CODE_CLIENT_CERT");
  options.client_key_file = environment.get("CLAUDE_CODE_CLIENT_KEY");
  options.client_key_passphrase = Secret(environment.get("CLAUDE_CODE_CLIENT_KEY_PASSPHRASE"));
  return options;
}

}  // namespace awl::cli
