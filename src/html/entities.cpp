#include "html/entities.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "html/entity_table.h"

namespace awl::html {

namespace {

constexpr size_t kMaxReference = 32;
constexpr char32_t kReplacement = 0xFFFD;

// What the numbers 0x80 to 0x9F mean in pages: characters of windows-1252.
constexpr std::array<char32_t, 32> kWindows1252 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

// Those that pages write without their semicolon.
constexpr std::array<std::string_view, 7> kWithoutSemicolon = {"amp",  "copy", "gt", "lt",
                                                               "nbsp", "quot", "reg"};

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

void append_utf8(std::string& out, char32_t c) {
  const auto byte = [&out](char32_t value) { out.push_back(static_cast<char>(value)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | c >> 6U);
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | c >> 12U);
    byte(0x80 | (c >> 6U & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | c >> 18U);
    byte(0x80 | (c >> 12U & 0x3F));
    byte(0x80 | (c >> 6U & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

char32_t usable(uint64_t number) {
  if (number >= 0x80 && number <= 0x9F) return kWindows1252[number - 0x80];
  if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF)) return kReplacement;
  return static_cast<char32_t>(number);
}

std::optional<char32_t> find_number(std::string_view digits) {
  int base = 10;
  if (digits.starts_with('x') || digits.starts_with('X')) {
    digits.remove_prefix(1);
    base = 16;
  }
  uint64_t number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (digits.empty() || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  return parsed.ec == std::errc() ? usable(number) : kReplacement;
}

std::optional<char32_t> find_name(std::string_view name, bool has_semicolon) {
  if (!has_semicolon && std::ranges::find(kWithoutSemicolon, name) == kWithoutSemicolon.end())
    return std::nullopt;
  const auto* found = std::ranges::lower_bound(kNamedCharacters, name, {}, &NamedCharacter::name);
  if (found == kNamedCharacters.end() || found->name != name) return std::nullopt;
  return found->character;
}

}  // namespace

std::string decode_references(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  size_t at = 0;
  for (;;) {
    const size_t ampersand = text.find('&', at);
    out.append(text.substr(at, ampersand - at));
    if (ampersand == std::string_view::npos) return out;
    at = ampersand + 1;
    size_t end = at;
    if (end < text.size() && text[end] == '#') ++end;
    while (end < text.size() && end - at < kMaxReference && is_alnum(text[end])) ++end;
    const std::string_view name = text.substr(at, end - at);
    const bool has_semicolon = end < text.size() && text[end] == ';';
    // "?a=1&copy=2" is a query, not a sign.
    const bool is_query = !has_semicolon && end < text.size() && text[end] == '=';
    std::optional<char32_t> character;
    if (!is_query)
      character = name.starts_with('#') ? find_number(name.substr(1)) : find_name(name, has_semicolon);
    if (!character) {
      out.push_back('&');
      continue;
    }
    append_utf8(out, *character);
    at = end + (has_semicolon ? 1 : 0);
  }
}

}  // namespace awl::html
