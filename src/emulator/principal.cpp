#include "emulator/principal.h"

#include <fmt/format.h>

namespace awl::emulator {

std::string arn_of(const Principal& principal, const std::string& account) {
  if (principal.kind == Principal::Kind::kUser)
    return fmt::format("arn:aws:iam::{}:user/{}", account, principal.name);
  return fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", account, principal.name, principal.session);
}

std::string principal_arn_key(const Principal& principal, const std::string& account) {
  const bool is_user = principal.kind == Principal::Kind::kUser;
  return fmt::format("arn:aws:iam::{}:{}/{}", account, is_user ? "user" : "role", principal.name);
}

}  // namespace awl::emulator
