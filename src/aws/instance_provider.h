#pragma once

#include <memory>
#include <string>

#include "aws/credentials.h"
#include "base/clock.h"
#include "net/http.h"

namespace awl::aws {

struct InstanceOptions {
  bool disabled = false;                            ///< AWS_EC2_METADATA_DISABLED
  std::string endpoint = "http://169.254.169.254";  ///< without a slash at the end
};

/// The role of an EC2 instance, from its metadata service, version 2 alone: token, name of the role, its
/// credentials. Errors: kNotFound when it is switched off, when nothing answers (not an instance, or a
/// container beyond the hop limit) or when the instance has no role; kCredentials for answers that are
/// refusals or malformed.
std::unique_ptr<CredentialsProvider> make_instance_provider(InstanceOptions options, net::HttpClient& http,
                                                            Clock clock);

}  // namespace awl::aws
