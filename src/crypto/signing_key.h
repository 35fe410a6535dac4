// Private keys that sign JSON Web Tokens (RFC 7518, 3.3 and 3.4), by nettle.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace awl::crypto {

class SigningKey {
 public:
  virtual ~SigningKey() = default;
  /// As `alg` of a token's header: ES256 or RS256.
  virtual std::string_view algorithm() const = 0;
  /// The raw bytes of the signature.
  virtual std::string sign(std::string_view bytes) const = 0;
  /// Whether this key made the signature.
  virtual bool verify(std::string_view bytes, std::string_view signature) const = 0;
};

/// Of the text of a PEM file that holds one unencrypted key: PKCS #8, SEC 1 (EC PRIVATE KEY, P-256) or PKCS
/// #1 (RSA PRIVATE KEY, from 2,048 bits). Errors: kInvalidInput, with a sentence that begins with "it" and
/// holds nothing of the key.
Result<std::unique_ptr<SigningKey>> parse_signing_key(std::string_view pem);

}  // namespace awl::crypto
