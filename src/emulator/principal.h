// Who may send requests: IAM users and roles with their credentials and policies.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "aws/credentials.h"
#include "emulator/iam_policy.h"

namespace awl::emulator {

struct Principal {
  enum class Kind { kUser, kRole };
  Kind kind = Kind::kUser;
  std::string name;
  std::string session;  ///< kRole: the name of its session
  std::map<std::string, std::string> tags;
  std::vector<IamPolicy> policies;
  std::vector<aws::Credentials> access_keys;
  std::vector<Secret> api_keys;
  std::vector<Secret> bearer_tokens;
};

/// As denials name it: arn:aws:iam::ACCOUNT:user/NAME, arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION.
std::string arn_of(const Principal& principal, const std::string& account);
/// As aws:PrincipalArn names it: of a role's session the role.
std::string principal_arn_key(const Principal& principal, const std::string& account);

}  // namespace awl::emulator
