// Short-term API keys: a presigned request, made from AWS credentials, that is sent as an API key.
// Source: platform docs, "Claude Platform on AWS", "Short-term API keys"; AWS General Reference, "Signature
// Version 4" for presigned requests.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/credentials.h"
#include "emulator/api_error.h"

namespace awl::emulator {

/// What such a key says of itself.
struct ShortTermKey {
  std::string access_key_id;
  std::string date;  ///< 20260102
  std::string region;
  std::string service;
  std::string amz_date;
  long long lifetime_s = 0;
  std::string signature;
  std::string session_token;  ///< "" with long-term credentials
  std::string signed_query;   ///< what the signature covers
};

/// True for what begins as they all do; it may be malformed all the same.
bool looks_like_short_term_key(std::string_view text);

/// Errors: 403, naming the part that is missing or malformed. The key is a secret and is not repeated.
ApiResult<ShortTermKey> parse_short_term_key(std::string_view text);

/// Checks a key against the credentials that it names. Errors: 401 when it has expired, 403 for everything
/// else.
ApiResult<> verify_short_term_key(const ShortTermKey& given, const aws::Credentials& key,
                                  std::string_view region, TimePoint now);

}  // namespace awl::emulator
