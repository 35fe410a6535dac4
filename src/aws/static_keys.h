// A key pair that stands in plain text somewhere: in variables of the environment, or in a profile.
#pragma once

#include <string>

#include "aws/credentials.h"

namespace awl::aws {

/// One value of the place, and what the person calls it: "AWS_ACCESS_KEY_ID", "aws_access_key_id".
struct StaticKeyPart {
  std::string name;
  std::string value;
};

struct StaticKeys {
  StaticKeyPart access_key_id;
  StaticKeyPart secret_access_key;
  StaticKeyPart session_token;
  std::string place;   ///< for messages: "the environment", "profile \"dev\" in /home/x/.aws/credentials"
  std::string source;  ///< for Credentials::source
};

/// White space around a value is dropped: it comes from files and command substitutions, and no key has any.
/// Errors: kNotFound when neither half of the pair is there; kCredentials when one is missing (it is named),
/// or when a value has characters inside that no key has.
Result<Credentials> to_credentials(const StaticKeys& keys);

}  // namespace awl::aws
