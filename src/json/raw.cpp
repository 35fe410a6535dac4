#include "json/raw.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "json/json.h"

namespace awl::json {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Eight bytes at a time: on to where the next quote, backslash or control character may be.
size_t skip_plain(std::string_view text, size_t at) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHighs = 0x8080808080808080;
  const auto has_zero = [](uint64_t word) { return (word - kOnes) & ~word & kHighs; };
  for (; at + sizeof(uint64_t) <= text.size(); at += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof(word));
    const uint64_t quotes = has_zero(word ^ (kOnes * '"'));
    const uint64_t backslashes = has_zero(word ^ (kOnes * '\\'));
    const uint64_t controls = (word - kOnes * 0x20) & ~word & kHighs;
    if ((quotes | backslashes | controls) != 0) break;
  }
  return at;
}

/// Checks the grammar of RFC 8259; each step gives false at the first byte that does not fit.
class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  bool check() {
    at_ = skip_blanks(text_, 0);
    if (!value(0)) return false;
    return skip_blanks(text_, at_) == text_.size();
  }

 private:
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void blanks() { at_ = skip_blanks(text_, at_); }

  bool value(int depth) {
    if (at_ >= text_.size() || depth > kMaxDepth) return false;
    switch (text_[at_]) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string();
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

  bool word(std::string_view expected) {
    if (!text_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }

  bool digits() {
    const size_t begin = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ > begin;
  }

  // A number of many digits may be larger than a double: parse() refuses it, so nobody is to see it as it is.
  bool number() {
    constexpr size_t kSurelyFits = 300;
    const size_t begin = at_;
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) return false;
    return at_ - begin < kSurelyFits;
  }

  bool hex4(unsigned& code) {
    if (text_.size() - at_ < 4) return false;
    code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = text_[at_];
      const int digit = is_digit(c)            ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) return false;
      code = code * 16 + static_cast<unsigned>(digit);
    }
    return true;
  }

  bool escape() {
    if (at_ >= text_.size()) return false;
    const char c = text_[at_++];
    if (c != 'u') return std::string_view("\"\\/bfnrt").contains(c);
    unsigned code = 0;
    if (!hex4(code)) return false;
    if (code < 0xD800 || code > 0xDFFF) return true;
    unsigned low = 0;
    return code < 0xDC00 && take('\\') && take('u') && hex4(low) && low >= 0xDC00 && low <= 0xDFFF;
  }

  bool string() {
    if (!take('"')) return false;
    for (at_ = skip_plain(text_, at_); at_ < text_.size();) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !escape()) return false;
      if (c == '\\') at_ = skip_plain(text_, at_);
    }
    return false;
  }

  bool array(int depth) {
    ++at_;
    blanks();
    if (take(']')) return true;
    for (;;) {
      blanks();
      if (!value(depth + 1)) return false;
      blanks();
      if (take(']')) return true;
      if (!take(',')) return false;
    }
  }

  bool object(int depth) {
    ++at_;
    blanks();
    if (take('}')) return true;
    for (;;) {
      blanks();
      if (!string()) return false;
      blanks();
      if (!take(':')) return false;
      blanks();
      if (!value(depth + 1)) return false;
      blanks();
      if (take('}')) return true;
      if (!take(',')) return false;
    }
  }

  std::string_view text_;
  size_t at_ = 0;
};

size_t end_of_string(std::string_view text, size_t at) {
  for (at = skip_plain(text, at + 1); at < text.size() && text[at] != '"'; ++at) {
    if (text[at] != '\\') continue;
    ++at;
    if (at + 1 < text.size()) at = skip_plain(text, at + 1) - 1;
  }
  return std::min(at + 1, text.size());
}

}  // namespace

bool is_strict(std::string_view text) { return Checker(text).check() && is_utf8(text); }

size_t skip_blanks(std::string_view text, size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

size_t end_of_value(std::string_view text, size_t at) {
  if (at >= text.size()) return text.size();
  if (text[at] == '"') return end_of_string(text, at);
  if (text[at] != '{' && text[at] != '[') return std::min(text.find_first_of(",]} \t\r\n", at), text.size());
  int depth = 0;
  while (at < text.size()) {
    if (text[at] == '"') {
      at = end_of_string(text, at);
      continue;
    }
    if (text[at] == '{' || text[at] == '[') ++depth;
    if (text[at] == '}' || text[at] == ']') --depth;
    ++at;
    if (depth == 0) break;
  }
  return at;
}

std::vector<RawMember> raw_members(std::string_view text) {
  std::vector<RawMember> members;
  size_t at = skip_blanks(text, 0);
  if (at >= text.size() || text[at] != '{') return members;
  ++at;
  for (;;) {
    at = skip_blanks(text, at);
    if (at >= text.size() || text[at] == '}') return members;
    if (text[at] == ',') {
      ++at;
      continue;
    }
    const size_t begin = at;
    const size_t key_end = end_of_string(text, at);
    const size_t colon = text.find(':', key_end);
    if (colon == std::string_view::npos) return members;
    const size_t value = skip_blanks(text, colon + 1);
    at = end_of_value(text, value);
    members.push_back({text.substr(begin, at - begin), text.substr(begin, key_end - begin),
                       text.substr(std::min(value, text.size()), at - value)});
  }
}

std::vector<std::string_view> raw_elements(std::string_view text) {
  std::vector<std::string_view> elements;
  size_t at = skip_blanks(text, 0);
  if (at >= text.size() || text[at] != '[') return elements;
  ++at;
  for (;;) {
    at = skip_blanks(text, at);
    if (at >= text.size() || text[at] == ']') return elements;
    if (text[at] == ',') {
      ++at;
      continue;
    }
    const size_t end = end_of_value(text, at);
    elements.push_back(text.substr(at, end - at));
    at = end;
  }
}

std::string_view find_raw(const std::vector<RawMember>& members, std::string_view key) {
  for (auto member = members.rbegin(); member != members.rend(); ++member) {
    if (member->key.size() == key.size() + 2 && member->key.substr(1, key.size()) == key)
      return member->value;
  }
  return {};
}

std::string_view raw_member(std::string_view text, std::string_view key) {
  return find_raw(raw_members(text), key);
}

std::optional<std::string> raw_string(std::string_view value) {
  if (value.size() < 2 || value.front() != '"') return std::nullopt;
  const std::string_view inner = value.substr(1, value.size() - 2);
  if (!inner.contains('\\')) return std::string(inner);
  const auto parsed = parse(value);
  return parsed && parsed->is_string() ? std::optional(parsed->get<std::string>()) : std::nullopt;
}

std::string raw_text(std::string_view text, std::string_view key) {
  return raw_string(raw_member(text, key)).value_or("");
}

std::string RawObject::text(std::string_view key) const { return raw_string(find(key)).value_or(""); }

}  // namespace awl::json
