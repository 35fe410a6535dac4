#include "anthropic/custom_headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/strings.h"
#include "base/utf8.h"

namespace awl::anthropic {

namespace {

constexpr std::string_view kVariable = "ANTHROPIC_CUSTOM_HEADERS";
constexpr uint32_t kLastLatin1 = 0xFF;

// What HTTP itself or the signature puts there.
constexpr std::array<std::string_view, 9> kNotOurs{
    "host",    "content-length",       "transfer-encoding",    "connection", "te",
    "trailer", "x-amz-content-sha256", "x-amz-security-token", "x-amz-date"};

struct KnownCharacter {
  uint32_t code_point;
  std::string_view name;
};
// Those that come along when text is copied out of documents and chats.
constexpr std::array kKnownCharacters{
    KnownCharacter{0x200B, "a zero-width space"},  KnownCharacter{0x200C, "a zero-width non-joiner"},
    KnownCharacter{0x200D, "a zero-width joiner"}, KnownCharacter{0x2018, "a curly quote"},
    KnownCharacter{0x2019, "a curly quote"},       KnownCharacter{0x201C, "a curly quote"},
    KnownCharacter{0x201D, "a curly quote"},       KnownCharacter{0x2013, "an en dash"},
    KnownCharacter{0x2014, "an em dash"},          KnownCharacter{0x2026, "an ellipsis"},
    KnownCharacter{0x2028, "a line separator"},    KnownCharacter{0x202F, "a narrow no-break space"},
    KnownCharacter{0x2060, "a word joiner"},       KnownCharacter{0xFEFF, "a byte-order mark"},
};

// The code point of a well-formed sequence.
uint32_t decode(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (bytes.size() == 1) return first;
  uint32_t code_point = first & (0xFFU >> (bytes.size() + 1));
  for (size_t i = 1; i < bytes.size(); ++i)
    code_point = code_point << 6U | (static_cast<unsigned char>(bytes[i]) & 0x3FU);
  return code_point;
}

// "" for a character that a value may hold.
std::string_view name_of_fault(std::string_view bytes, bool valid) {
  if (!valid) return "a byte that is no UTF-8";
  const uint32_t code_point = decode(bytes);
  if (code_point == '\r' || code_point == '\n') return "a line break";
  if (code_point == 0) return "a zero byte";
  if ((code_point < ' ' && code_point != '\t') || code_point == 0x7F) return "a control character";
  if (code_point <= kLastLatin1) return "";
  const auto* known =
      std::find_if(kKnownCharacters.begin(), kKnownCharacters.end(),
                   [code_point](const KnownCharacter& k) { return k.code_point == code_point; });
  return known == kKnownCharacters.end() ? "a non-ASCII character" : known->name;
}

bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

// RFC 9110, 5.6.2: a name is a token.
std::string describe_name_fault(std::string_view name) {
  for (size_t at = 0, position = 1; at < name.size(); ++position) {
    const Utf8Step step = utf8_step(name.substr(at));
    if (!(step.length == 1 && is_token_character(name[at]))) {
      std::string_view what = name_of_fault(name.substr(at, step.length), step.valid);
      if (name[at] == ' ' || name[at] == '\t') what = "white space";
      if (what.empty())
        what = step.length > 1 ? "a non-ASCII character" : "a character that names cannot have";
      return fmt::format("{} at character {}", what, position);
    }
    at += step.length;
  }
  return "";
}

// HTTP carries one byte a character (RFC 9110, 5.5); only called for values without a fault.
std::string to_latin1(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const Utf8Step step = utf8_step(text.substr(at));
    out += static_cast<char>(decode(text.substr(at, step.length)));
    at += step.length;
  }
  return out;
}

struct Pair {
  std::string_view name;
  std::string_view value;
};

std::vector<Pair> split_lines(std::string_view text, std::vector<std::string>& problems) {
  std::vector<Pair> pairs;
  size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (trim(line).empty()) continue;
    const size_t colon = line.find(':');
    const std::string_view name = colon == std::string_view::npos ? "" : trim(line.substr(0, colon));
    if (name.empty()) {
      problems.push_back(
          fmt::format("{}: line {} is left out: it is not of the form \"Name: Value\"", kVariable, number));
      continue;
    }
    const std::string_view value = trim(line.substr(colon + 1));
    const auto same = std::find_if(pairs.begin(), pairs.end(),
                                   [name](const Pair& p) { return equals_ignore_case(p.name, name); });
    if (same == pairs.end()) {
      pairs.push_back({name, value});
    } else {
      same->value = value;
    }
  }
  return pairs;
}

}  // namespace

std::string describe_header_fault(std::string_view value) {
  for (size_t at = 0, position = 1; at < value.size(); ++position) {
    const Utf8Step step = utf8_step(value.substr(at));
    const std::string_view what = name_of_fault(value.substr(at, step.length), step.valid);
    if (!what.empty()) return fmt::format("{} at character {}", what, position);
    at += step.length;
  }
  return "";
}

Result<net::Headers> parse_custom_headers(std::string_view text, std::vector<std::string>& problems) {
  net::Headers headers;
  const std::vector<Pair> pairs = split_lines(text, problems);
  for (size_t i = 0; i < pairs.size(); ++i) {
    const auto reject = [&](std::string_view part, const std::string& fault) {
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("Invalid {}: the {} of header {} of {} has {}", kVariable, part, i + 1,
                              pairs.size(), fault),
                  "Nothing was sent. Give one \"Name: Value\" pair a line, and type that one again.");
    };
    if (const std::string fault = describe_name_fault(pairs[i].name); !fault.empty())
      return reject("name", fault);
    if (const std::string fault = describe_header_fault(pairs[i].value); !fault.empty())
      return reject("value", fault);
    const std::string lower = to_lower(pairs[i].name);
    if (std::find(kNotOurs.begin(), kNotOurs.end(), lower) != kNotOurs.end()) {
      problems.push_back(fmt::format("{}: {} is left out: the connection or the signature sets it", kVariable,
                                     pairs[i].name));
      continue;
    }
    headers.push_back({std::string(pairs[i].name), to_latin1(pairs[i].value)});
  }
  return headers;
}

}  // namespace awl::anthropic
