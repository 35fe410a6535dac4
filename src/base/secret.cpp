#include "base/secret.h"

#include <array>
#include <cctype>
#include <cstring>
#include <utility>

namespace awl {

namespace {

constexpr size_t kShownLength = 4;
constexpr size_t kLeastLengthToShow = 12;

struct Pattern {
  std::string_view prefix;
  size_t least_tail;  // characters that must follow for the match to count
};

constexpr std::array<Pattern, 6> kPatterns{{{"AKIA", 8},
                                            {"ASIA", 8},
                                            {"AEAA", 16},
                                            {"aws-external-anthropic-api-key-", 4},
                                            {"sk-ant-", 4},
                                            {"Bearer ", 8}}};

bool is_token_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/' || c == '=' || c == '-' ||
         c == '_' || c == '.';
}

}  // namespace

Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe();
    value_ = other.value_;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    value_ = std::move(other.value_);
    other.wipe();
  }
  return *this;
}

Secret::~Secret() { wipe(); }

void Secret::wipe() {
  value_.resize(value_.capacity());
  explicit_bzero(value_.data(), value_.size());
  value_.clear();
}

std::string Secret::masked() const {
  if (value_.size() < kLeastLengthToShow) return value_.empty() ? "" : "…";
  return value_.substr(0, kShownLength) + "…";
}

std::string redact(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  size_t i = 0;
  while (i < text.size()) {
    bool replaced = false;
    for (const Pattern& pattern : kPatterns) {
      if (!text.substr(i).starts_with(pattern.prefix)) continue;
      size_t end = i + pattern.prefix.size();
      while (end < text.size() && is_token_character(text[end])) ++end;
      if (end - i - pattern.prefix.size() < pattern.least_tail) continue;
      out += "[redacted]";
      i = end;
      replaced = true;
      break;
    }
    if (!replaced) out += text[i++];
  }
  return out;
}

}  // namespace awl
