#include "crypto/sha1.h"

#include <nettle/sha1.h>

#include <cstdint>

#include "base/encoding.h"

namespace awl::crypto {

std::string sha1_hex(std::string_view bytes) {
  sha1_ctx context;
  sha1_init(&context);
  sha1_update(&context, bytes.size(), reinterpret_cast<const uint8_t*>(bytes.data()));
  std::string digest(SHA1_DIGEST_SIZE, '\0');
  sha1_digest(&context, digest.size(), reinterpret_cast<uint8_t*>(digest.data()));
  return to_hex(digest);
}

}  // namespace awl::crypto
