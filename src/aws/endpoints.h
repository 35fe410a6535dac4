// Where the services of AWS are that credentials come from. Source: AWS SDKs and Tools Reference Guide,
// "Service-specific endpoints".
#pragma once

#include <string>
#include <string_view>

#include "base/environment.h"

namespace awl::aws {

/// The services that a chain asks, each with its variable: AWS_ENDPOINT_URL_STS, _SSO, _SSO_OIDC.
enum class Service { kSts, kSso, kSsoOidc };

/// The variable of the service, else AWS_ENDPOINT_URL, else the service's host in `region`; without a slash
/// at the end. AWS_IGNORE_CONFIGURED_ENDPOINT_URLS switches the variables off.
std::string service_endpoint(const Environment& environment, Service service, std::string_view region);

/// "amazonaws.com", or what the partition of `region` has instead.
std::string_view dns_suffix(std::string_view region);

}  // namespace awl::aws
