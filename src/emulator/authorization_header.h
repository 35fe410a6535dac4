// The Authorization header of Signature Version 4, taken apart.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "emulator/api_error.h"

namespace awl::emulator {

struct SignedAuthorization {
  std::string access_key_id;
  std::string date;  ///< 20260102
  std::string region;
  std::string service;
  std::vector<std::string> signed_headers;  ///< lower case, sorted
  std::string signature;
};

/// Errors: 400 (IncompleteSignature) naming the part that is missing or malformed.
ApiResult<SignedAuthorization> parse_authorization(std::string_view header);

/// The inverse of format_amz_date(); nullopt when `text` is not a date of that form.
std::optional<TimePoint> parse_amz_date(std::string_view text);

}  // namespace awl::emulator
