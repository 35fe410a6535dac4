#pragma once

#include <memory>
#include <string>

#include "aws/credentials.h"
#include "base/clock.h"
#include "net/http.h"
#include "os/file.h"

namespace awl::aws {

struct ContainerOptions {
  std::string relative_uri;  ///< AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, below the ECS agent's address
  std::string full_uri;      ///< AWS_CONTAINER_CREDENTIALS_FULL_URI, when there is no relative one
  os::Path token_file;       ///< AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, read anew each time (EKS rotates it)
  Secret token;              ///< AWS_CONTAINER_AUTHORIZATION_TOKEN, when there is no file
};

/// The role of an ECS task, an EKS pod or a Lambda-like container. A plain-http URI must be on this machine
/// or be one of the agents' addresses. Errors: kNotFound when neither URI is set; kCredentials.
std::unique_ptr<CredentialsProvider> make_container_provider(ContainerOptions options, net::HttpClient& http,
                                                             Clock clock);

}  // namespace awl::aws
