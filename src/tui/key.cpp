#include "tui/key.h"

#include <array>
#include <cctype>
#include <optional>

#include "base/strings.h"
#include "base/utf8.h"

namespace awl::tui {

namespace {

using Kind = Key::Kind;

constexpr char kEscape = '\x1b';
constexpr std::string_view kPasteStart = "\x1b[200~";
constexpr std::string_view kPasteEnd = "\x1b[201~";
// A person who pastes more has another way; and memory has an end.
constexpr size_t kMaxPaste = 16 << 20;
constexpr size_t kMaxSequence = 64;

struct Modifiers {
  bool shift = false;
  bool alt = false;
  bool control = false;
};

// "5" of "CSI 1;5C": one more than the bits.
Modifiers read_modifiers(std::string_view text) {
  const auto number = parse_integer(text.substr(0, text.find(':')));
  const long long bits = number ? *number - 1 : 0;
  return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
}

std::optional<Kind> kind_of_letter(char letter) {
  switch (letter) {
    case 'A':
      return Kind::kUp;
    case 'B':
      return Kind::kDown;
    case 'C':
      return Kind::kRight;
    case 'D':
      return Kind::kLeft;
    case 'F':
      return Kind::kEnd;
    case 'H':
      return Kind::kHome;
    case 'Z':
      return Kind::kBackTab;
    default:
      return std::nullopt;
  }
}

std::optional<Kind> kind_of_number(std::string_view number) {
  if (number == "1" || number == "7") return Kind::kHome;
  if (number == "3") return Kind::kDelete;
  if (number == "4" || number == "8") return Kind::kEnd;
  if (number == "5") return Kind::kPageUp;
  if (number == "6") return Kind::kPageDown;
  return std::nullopt;
}

Kind by_word(Kind kind) {
  if (kind == Kind::kLeft) return Kind::kWordLeft;
  if (kind == Kind::kRight) return Kind::kWordRight;
  return kind;
}

// The key of a code point with modifiers, as "CSI u" reports it.
std::optional<Key> key_of_code(long long code, Modifiers with) {
  switch (code) {
    case 13:
      return Key{with.shift || with.alt ? Kind::kNewline : Kind::kEnter};
    case 9:
      return Key{with.shift ? Kind::kBackTab : Kind::kTab};
    case 27:
      return Key{Kind::kEscape};
    case 127:
    case 8:
      return Key{with.alt || with.control ? Kind::kWordBackspace : Kind::kBackspace};
    default:
      break;
  }
  if (code < 32 || code > 126) return std::nullopt;
  const std::string letter(1, static_cast<char>(code));
  if (with.control && letter == "j") return Key{Kind::kNewline};
  if (with.control) return Key{Kind::kControl, to_lower(letter)};
  if (with.alt) return Key{Kind::kAlt, to_lower(letter)};
  return Key{Kind::kText, letter};
}

// `parameters` and the final letter of a control sequence.
std::optional<Key> key_of_sequence(std::string_view parameters, char final) {
  const auto parts = split(parameters, ';');
  const Modifiers with = parts.size() > 1 ? read_modifiers(parts[1]) : Modifiers{};
  if (final == 'u') {
    const auto code = parse_integer(parts[0].substr(0, parts[0].find(':')));
    return code ? key_of_code(*code, with) : std::nullopt;
  }
  if (final == '~' && parts[0] == "27" && parts.size() == 3) {  // xterm's modifyOtherKeys
    const auto code = parse_integer(parts[2]);
    return code ? key_of_code(*code, with) : std::nullopt;
  }
  const auto kind = final == '~' ? kind_of_number(parts[0]) : kind_of_letter(final);
  if (!kind) return std::nullopt;
  return Key{with.alt || with.control ? by_word(*kind) : *kind};
}

std::string with_plain_line_breaks(std::string text) {
  return replace_all(replace_all(std::move(text), "\r\n", "\n"), "\r", "\n");
}

}  // namespace

std::vector<Key> KeyDecoder::feed(std::string_view bytes) {
  pending_ += bytes;
  std::vector<Key> keys;
  while (!pending_.empty() && take_one(keys, false)) {
  }
  return keys;
}

std::vector<Key> KeyDecoder::flush() {
  std::vector<Key> keys;
  while (!pending_.empty() && !pasting_ && take_one(keys, true)) {
  }
  return keys;
}

// False: more bytes are needed.
bool KeyDecoder::take_one(std::vector<Key>& keys, bool is_last) {
  if (pasting_) return take_paste(keys);
  if (pending_[0] == kEscape) return take_sequence(keys, is_last);
  const auto first = static_cast<unsigned char>(pending_[0]);
  if (first < 0x20 || first == 0x7F) {
    take_control(keys, pending_[0], false);
    pending_.erase(0, 1);
    return true;
  }
  // Text up to the next control character; the last letter may not be whole.
  size_t end = 0;
  while (end < pending_.size()) {
    const auto byte = static_cast<unsigned char>(pending_[end]);
    if (byte < 0x20 || byte == 0x7F) break;
    const Utf8Step step = utf8_step(std::string_view(pending_).substr(end));
    constexpr size_t kLongestLetter = 4;
    if (!step.valid && !is_last && end + step.length == pending_.size() && step.length < kLongestLetter &&
        byte >= 0xC2)
      break;
    end += step.length;
  }
  if (end == 0) return false;
  keys.push_back({Kind::kText, to_utf8(pending_.substr(0, end))});
  pending_.erase(0, end);
  return true;
}

bool KeyDecoder::take_paste(std::vector<Key>& keys) {
  const size_t end = pending_.find(kPasteEnd);
  if (end == std::string::npos) {
    if (pending_.size() > kMaxPaste) pending_.resize(kMaxPaste);
    return false;
  }
  keys.push_back({Kind::kPaste, with_plain_line_breaks(to_utf8(pending_.substr(0, end)))});
  pending_.erase(0, end + kPasteEnd.size());
  pasting_ = false;
  return true;
}

bool KeyDecoder::take_sequence(std::vector<Key>& keys, bool is_last) {
  if (pending_.size() == 1) {
    if (!is_last) return false;
    keys.push_back({Kind::kEscape});
    pending_.clear();
    return true;
  }
  const char second = pending_[1];
  if (second != '[' && second != 'O') {
    // Escape before another key: Alt, or the key itself when an escape follows.
    pending_.erase(0, 1);
    if (second == kEscape) {
      keys.push_back({Kind::kEscape});
      return true;
    }
    const auto byte = static_cast<unsigned char>(second);
    if (byte < 0x20 || byte == 0x7F) {
      take_control(keys, second, true);
    } else {
      keys.push_back({Kind::kAlt, std::string(1, second)});
    }
    pending_.erase(0, 1);
    return true;
  }
  if (pending_.starts_with(kPasteStart)) {
    pending_.erase(0, kPasteStart.size());
    pasting_ = true;
    return true;
  }
  size_t end = 2;
  while (end < pending_.size() && static_cast<unsigned char>(pending_[end]) < 0x40) ++end;
  if (end == pending_.size()) {
    if (!is_last && pending_.size() < kMaxSequence) return false;
    // Alt+[ or Alt+O, or what nobody ends.
    pending_.clear();
    return true;
  }
  const auto key = key_of_sequence(std::string_view(pending_).substr(2, end - 2), pending_[end]);
  if (key) keys.push_back(*key);
  pending_.erase(0, end + 1);
  return true;
}

void KeyDecoder::take_control(std::vector<Key>& keys, char byte, bool alt) {
  switch (byte) {
    case '\r':
      keys.push_back({alt ? Kind::kNewline : Kind::kEnter});
      return;
    case '\n':
      keys.push_back({Kind::kNewline});
      return;
    case '\t':
      keys.push_back({Kind::kTab});
      return;
    case '\x7f':
    case '\b':
      keys.push_back({alt ? Kind::kWordBackspace : Kind::kBackspace});
      return;
    case '\x1f':
      keys.push_back({Kind::kControl, "_"});
      return;
    default:
      break;
  }
  if (byte >= 1 && byte <= 26)
    keys.push_back({Kind::kControl, std::string(1, static_cast<char>('a' + byte - 1))});
}

}  // namespace awl::tui
