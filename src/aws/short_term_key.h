// Short-term API keys of Claude Platform on AWS: a presigned request, made from AWS credentials, that is sent
// as an API key. Source: platform docs, "Claude Platform on AWS", "Short-term API keys"; AWS General
// Reference, "Signature Version 4" for presigned requests.
#pragma once

#include <chrono>
#include <string>

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/error.h"

namespace awl::aws {

inline constexpr std::chrono::seconds kMaxKeyLifetime{43'200};

struct NewShortTermKey {
  Secret key;
  TimePoint expires{};
};

/// A key for the workspaces of `region`, valid from `now` for `lifetime`. It is made without a request;
/// whoever has it can call the platform as the credentials can. Errors: kInvalidInput for a lifetime that is
/// not from 1 s to 12 h; kCredentials when the credentials expire before the key would.
Result<NewShortTermKey> make_short_term_key(const Credentials& credentials, const std::string& region,
                                            TimePoint now, std::chrono::seconds lifetime);

/// A length of time as people write it: 90s, 15m, 1h, 1h30m, or a number of seconds. Errors: kInvalidInput.
Result<std::chrono::seconds> parse_lifetime(std::string_view text);

}  // namespace awl::aws
