#include "base/uuid.h"

#include <sys/random.h>

#include <array>
#include <cstdlib>

#include "base/encoding.h"

namespace awl {

namespace {

void fill_randomly(char* to, size_t count) {
  size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(to + filled, count - filled, 0);
    if (got < 0) std::abort();  // the kernel's generator cannot fail once it is seeded
    filled += static_cast<size_t>(got);
  }
}

// Every event of a stream has a UUID, and asking the kernel for each costs a third of what writing the event
// does.
struct Supply {
  std::array<char, 1024> bytes;
  size_t used = sizeof bytes;
};

constexpr size_t kUuidBytes = 16;

// UUIDs name things and are no secrets, so some may lie ready. What must not be guessed is asked for
// directly.
std::string uuid_bytes() {
  thread_local Supply supply;
  if (supply.used == supply.bytes.size()) {
    fill_randomly(supply.bytes.data(), supply.bytes.size());
    supply.used = 0;
  }
  supply.used += kUuidBytes;
  return {supply.bytes.data() + supply.used - kUuidBytes, kUuidBytes};
}

}  // namespace

std::string random_hex(size_t bytes) {
  std::string random(bytes, '\0');
  fill_randomly(random.data(), bytes);
  return to_hex(random);
}

std::string make_uuid() {
  std::string bytes = uuid_bytes();
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string text = to_hex(bytes);
  for (const size_t at : {8, 13, 18, 23}) text.insert(at, 1, '-');
  return text;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-'
             : std::string_view("0123456789abcdefABCDEF").find(text[i]) == std::string_view::npos)
      return false;
  }
  return true;
}

}  // namespace awl
