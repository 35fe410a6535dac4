#include "net/client_identity.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace awl::net {

namespace {

constexpr size_t kMaxBytes = 1 << 20;

Result<std::string> read_pem(const std::string& path, std::string_view what, std::string_view mark) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.empty()) {
    const std::string cause = errno != 0 ? std::generic_category().message(errno) : "it is empty";
    return fail(ErrorKind::kInvalidInput, fmt::format("the {} {} cannot be read: {}", what, path, cause));
  }
  if (!text.contains(mark)) {
    return fail(ErrorKind::kInvalidInput, fmt::format("{} holds no {} in PEM form", path, what),
                "PEM is text between -----BEGIN … and -----END … lines; openssl converts other forms.");
  }
  return text;
}

}  // namespace

Result<ClientIdentity> read_client_identity(const ClientIdentityFiles& files) {
  ClientIdentity identity;
  if (files.certificate_file.empty()) return identity;
  const std::string& key_file = files.key_file.empty() ? files.certificate_file : files.key_file;
  AWL_TRY(std::string certificate,
          read_pem(files.certificate_file, "client certificate", "-----BEGIN CERTIFICATE-----"));
  AWL_TRY(std::string key, read_pem(key_file, "client key", "PRIVATE KEY-----"));
  identity.certificate_pem = std::move(certificate);
  identity.key_pem = Secret(std::move(key));
  return identity;
}

}  // namespace awl::net
