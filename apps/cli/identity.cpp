#include "cli/identity.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "async/task.h"
#include "base/clock.h"
#include "cli/credentials_setup.h"

namespace awl::cli {

namespace {

Task<> walk(aws::CredentialsChain& chain, Identity& identity) {
  auto credentials = co_await chain.fetch();
  identity.asked = true;
  identity.trace = chain.trace();
  if (!credentials) {
    identity.problem = describe(credentials.error());
    co_return;
  }
  identity.access_key_id = credentials->access_key_id;
  identity.source = credentials->source;
  if (credentials->expiration) identity.expiration = format_iso8601(*credentials->expiration);
}

}  // namespace

Identity find_identity(const Setup& setup, const NetworkSetup& network) {
  Identity identity;
  if (setup.provider.auth != anthropic::AuthMethod::kSigV4) {
    return identity;
  }
  boost::asio::io_context io(1);
  const auto http = net::make_curl_client(io.get_executor(), network.http);
  const auto chain = make_credentials_chain(setup, *http);
  std::exception_ptr failure;
  boost::asio::co_spawn(io, walk(*chain, identity), [&failure](const std::exception_ptr& e) { failure = e; });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return identity;
}

}  // namespace awl::cli
