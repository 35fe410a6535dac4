// How a session reaches the provider: authentication, proxies, certificates.
#pragma once

#include <memory>

#include "anthropic/authenticator.h"
#include "base/environment.h"
#include "cli/session_setup.h"
#include "net/curl_client.h"

namespace awl::cli {

/// The way to authenticate that the provider asks for.
std::unique_ptr<anthropic::Authenticator> make_authenticator(const Setup& setup);

net::CurlClientOptions make_http_options(const Environment& environment);

}  // namespace awl::cli
