// The certificate by which this side of a TLS connection says who it is.
#pragma once

#include <string>

#include "base/error.h"
#include "base/secret.h"

namespace awl::net {

struct ClientIdentityFiles {
  std::string certificate_file;  ///< PEM; empty: none
  std::string key_file;          ///< PEM; empty: the key is in the certificate's file
  Secret key_passphrase;
  bool reload = true;  ///< read the files again after a connection that broke
};

struct ClientIdentity {
  std::string certificate_pem;
  Secret key_pem;
  bool empty() const { return certificate_pem.empty(); }
  friend bool operator==(const ClientIdentity&, const ClientIdentity&) = default;
};

/// The files as they are now. Errors: kInvalidInput, naming the file: it cannot be read, or holds no PEM text
/// of its kind.
Result<ClientIdentity> read_client_identity(const ClientIdentityFiles& files);

}  // namespace awl::net
