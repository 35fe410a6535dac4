#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "async/task.h"
#include "aws/cached_provider.h"
#include "aws/short_term_key.h"
#include "base/clock.h"
#include "cli/commands.h"
#include "cli/credentials_setup.h"
#include "cli/messages.h"
#include "cli/network_setup.h"
#include "cli/run_to_end.h"
#include "cli/session_setup.h"

namespace awl::cli {

namespace {

constexpr std::string_view kHowToSignIn =
    "Sign in with AWS (`aws sso login`, `aws login`, `aws configure`), or name a command that does it in the "
    "setting "
    "awsAuthRefresh; or set a workspace API key in ANTHROPIC_AWS_API_KEY. `awl status` shows what was looked "
    "at.";

Result<> check_kind(const Setup& setup) {
  if (setup.provider.kind == anthropic::ProviderKind::kClaudePlatformOnAws) return {};
  return fail(ErrorKind::kInvalidInput,
              fmt::format("model calls do not go to Claude Platform on AWS but to {} ({})",
                          to_string(setup.provider.kind), setup.provider.reason),
              "Set CLAUDE_CODE_USE_ANTHROPIC_AWS=1.");
}

std::string described(const aws::Credentials& credentials) {
  return fmt::format(
      "{} from {}{}", Secret(credentials.access_key_id).masked(), credentials.source,
      credentials.expiration ? ", valid until " + format_iso8601(*credentials.expiration) : "");
}

// What serves when the credentials of model calls are asked for outside a session.
struct AuthParts {
  boost::asio::io_context io{1};
  std::unique_ptr<net::HttpClient> http;
  std::unique_ptr<aws::RefreshCommand> refresh;
  std::unique_ptr<aws::CachedProvider> credentials;
};

Result<> assemble(const Setup& setup, AuthParts& parts) {
  AWL_TRY(auto network, make_network_setup(setup.environment));
  for (const std::string& problem : network.problems) tell("Warning: " + problem);
  parts.http = net::make_curl_client(parts.io.get_executor(), std::move(network.http));
  parts.refresh = make_refresh_command(setup);
  parts.credentials = aws::make_cached_provider(make_credentials_chain(setup, *parts.http), system_clock_now);
  return {};
}

Task<Result<aws::Credentials>> renew(AuthParts& parts) {
  if (parts.refresh) {
    const Result<> refreshed = co_await parts.refresh->run(system_clock_now());
    if (!refreshed) co_return std::unexpected(refreshed.error());
  }
  co_return co_await parts.credentials->fetch();
}

int renew_and_tell(const Setup& setup, const Arguments& arguments, AuthParts& parts) {
  if (!setup.provider.secret.empty() && setup.provider.auth != anthropic::AuthMethod::kSigV4) {
    tell(fmt::format(
        "Model calls are authenticated by {}: AWS credentials are not asked for, and there is nothing to "
        "sign in to. Unset it to use them.",
        setup.provider.auth_source));
    return 0;
  }
  const bool login = arguments.command == Command::kAuthLogin;
  if (parts.refresh) tell(fmt::format("Running awsAuthRefresh: {}", *setup.settings.aws_auth_refresh));
  auto found = run_to_end(parts.io, renew(parts));
  if (!found) {
    tell("Error: " + describe(found.error()));
    if (!parts.refresh) tell(std::string(kHowToSignIn));
    return 1;
  }
  return print_text(fmt::format("{}: {}.\n", login ? "Signed in" : "AWS credentials", described(*found)));
}

Task<Result<aws::Credentials>> fetch_for_token(AuthParts& parts) {
  if (parts.refresh)
    parts.credentials =
        aws::make_refreshing_provider(std::move(parts.credentials), *parts.refresh, system_clock_now);
  co_return co_await parts.credentials->fetch();
}

int print_token(const Setup& setup, const Arguments& arguments, AuthParts& parts) {
  const auto complain = [](const Error& error) {
    tell("Error: " + describe(error));
    return 1;
  };
  const auto lifetime = aws::parse_lifetime(arguments.ttl);
  if (!lifetime) return complain(lifetime.error());
  auto credentials = run_to_end(parts.io, fetch_for_token(parts));
  if (!credentials) return complain(credentials.error());
  const auto made =
      aws::make_short_term_key(*credentials, setup.provider.region, system_clock_now(), *lifetime);
  if (!made) return complain(made.error());
  if (!arguments.as_json) return print_text(made->key.expose() + "\n");
  return print_text(json::dump_pretty({{"key", made->key.expose()},
                                       {"expires_at", format_iso8601(made->expires)},
                                       {"region", setup.provider.region}}));
}

}  // namespace

int run_auth(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  const auto setup = make_setup(arguments, shell, cwd);
  const auto complain = [](const Error& error) {
    tell("Error: " + describe(error));
    return 1;
  };
  if (!setup) return complain(setup.error());
  for (const std::string& problem : setup->problems) tell("Warning: " + problem);
  if (const auto known = check_kind(*setup); !known) return complain(known.error());
  AuthParts parts;
  if (const auto assembled = assemble(*setup, parts); !assembled) return complain(assembled.error());
  if (arguments.command == Command::kAuthToken) return print_token(*setup, arguments, parts);
  return renew_and_tell(*setup, arguments, parts);
}

}  // namespace awl::cli
