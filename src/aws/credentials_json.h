// Credentials as JSON objects of several makers: credential_process, awsCredentialExport, containers,
// instances.
#pragma once

#include <string>
#include <string_view>

#include "aws/credentials.h"
#include "base/clock.h"

namespace awl::aws {

/// An object with AccessKeyId, SecretAccessKey, SessionToken (or Token) and Expiration. `place` is for
/// messages ("the output of credential_process of profile dev"), `source` for Credentials::source. Errors:
/// kCredentials, never with a secret in it: no JSON object, a key that is missing or malformed, a time that
/// is none, an expiration that has passed at `now`.
Result<Credentials> parse_credentials_json(std::string_view text, const std::string& place,
                                           std::string source, TimePoint now);

/// The same for what a credential_process prints: it has "Version": 1.
Result<Credentials> parse_process_output(std::string_view text, const std::string& place, std::string source,
                                         TimePoint now);

/// The same for awsCredentialExport: {"Credentials": {…}}, or the object of parse_process_output().
Result<Credentials> parse_export(std::string_view text, const std::string& place, std::string source,
                                 TimePoint now);

}  // namespace awl::aws
