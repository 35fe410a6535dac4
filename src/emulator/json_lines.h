// Where the values of a JSON text stand, which a parsed value no longer knows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace awl::emulator {

/// The line, from 1, on which the value at a JSON pointer (RFC 6901) begins; 0 when it cannot be found.
/// `text` is JSON that json::parse() accepted; other texts are no danger, only without an answer.
int line_of(std::string_view text, std::string_view pointer);

struct DuplicateKey {
  std::string key;
  int line = 0;
};
/// The first key that stands twice in one object. A parser keeps one of the values and drops the other.
std::optional<DuplicateKey> find_duplicate_key(std::string_view text);

/// `key` as a part of a JSON pointer.
std::string pointer_part(std::string_view key);

}  // namespace awl::emulator
