// AWS Signature Version 4, in headers. Source: AWS General Reference, "Create a signed AWS API request".
//
// Three things kept apart: what is signed (Signable), how (SigningConfig), and the result (SigningResult).
// Nothing here knows HTTP clients or clocks; the date is an input.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/credentials.h"
#include "base/clock.h"

namespace awl::aws {

/// The request as it goes over the wire.
struct Signable {
  std::string method;
  std::string path;                                          ///< as sent, percent-encoded once
  std::string query;                                         ///< as sent, without "?"
  std::vector<std::pair<std::string, std::string>> headers;  ///< all that are to be signed; Host among them
  std::string_view body;
};

struct SigningConfig {
  std::string region;
  std::string service;
  TimePoint date{};
  bool normalize_path = true;           ///< resolve "." and ".." and repeated slashes; S3 would not
  bool double_encode_path = true;       ///< encode the path once more in the canonical request; S3 would not
  bool add_payload_hash_header = true;  ///< x-amz-content-sha256
  bool omit_session_token = false;      ///< leave x-amz-security-token out of what is signed (test suite)
};

struct SigningResult {
  std::vector<std::pair<std::string, std::string>> headers_to_add;  ///< x-amz-date, …, authorization last
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;       ///< lower-case hexadecimal
  std::string signed_headers;  ///< "host;x-amz-date"
};

SigningResult sign(const Signable& request, const SigningConfig& config, const Credentials& credentials);

// The stages, for verifiers and tests.
std::string canonical_uri(std::string_view path, bool normalize, bool double_encode);
std::string canonical_query(std::string_view query);
std::string compute_signature(const Secret& secret_access_key, std::string_view date, std::string_view region,
                              std::string_view service, std::string_view string_to_sign);

}  // namespace awl::aws
