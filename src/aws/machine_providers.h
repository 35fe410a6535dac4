// The sources of a machine or container, set up from the standard variables.
#pragma once

#include <memory>

#include "aws/credentials.h"
#include "aws/provider_parts.h"
#include "aws/sts.h"

namespace awl::aws {

/// AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME. kNotFound when the first is not set.
std::unique_ptr<CredentialsProvider> make_web_identity_from_environment(const ProviderParts& parts);
/// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE or _TOKEN.
std::unique_ptr<CredentialsProvider> make_container_from_environment(const ProviderParts& parts);
/// AWS_EC2_METADATA_DISABLED, AWS_EC2_METADATA_SERVICE_ENDPOINT, _ENDPOINT_MODE.
std::unique_ptr<CredentialsProvider> make_instance_from_environment(const ProviderParts& parts);

/// STS in the region of the calls.
StsClient make_sts_client(const ProviderParts& parts);

/// "awl-1767323045": who assumed a role, for those who read the account's logs.
std::string default_session_name(TimePoint now);

}  // namespace awl::aws
