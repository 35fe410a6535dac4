#include "html/tokenizer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/strings.h"

namespace awl::html {

namespace {

constexpr size_t kMaxAttributes = 64;
constexpr size_t kMaxName = 64;

constexpr std::array<std::string_view, 9> kRawElements = {
    "iframe", "noembed", "noframes", "plaintext", "script", "style", "textarea", "title", "xmp"};

bool is_html_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// '<' begins markup only before these.
bool begins_markup(char c) { return is_letter(c) || c == '/' || c == '!' || c == '?'; }

}  // namespace

std::string_view Token::attribute(std::string_view attribute_name) const {
  const auto found = std::ranges::find(attributes, attribute_name, &Attribute::name);
  return found == attributes.end() ? std::string_view() : found->value;
}

bool Token::has_attribute(std::string_view attribute_name) const {
  return std::ranges::find(attributes, attribute_name, &Attribute::name) != attributes.end();
}

bool Tokenizer::next(Token& token) {
  token.attributes.clear();
  token.name.clear();
  token.text = {};
  if (!raw_element_.empty()) {
    read_raw_text(token);
    if (!token.text.empty()) return true;
    token.name.clear();
  }
  while (at_ < bytes_.size()) {
    size_t open = at_;
    do {
      open = bytes_.find('<', open == at_ ? open : open + 1);
    } while (open != std::string_view::npos && open + 1 < bytes_.size() && open != at_ &&
             !begins_markup(bytes_[open + 1]));
    const bool is_markup = open == at_ && open + 1 < bytes_.size() && begins_markup(bytes_[open + 1]);
    if (is_markup) {
      if (read_markup(token)) return true;
      continue;
    }
    if (open == at_) open = bytes_.find('<', at_ + 1);  // a lone "<": text like any other
    const size_t end = std::min(open, bytes_.size());
    token.kind = Token::Kind::kText;
    token.text = bytes_.substr(at_, end - at_);
    at_ = end;
    return true;
  }
  return false;
}

// At "<" and a character that begins markup. False when there was nothing to tell of.
bool Tokenizer::read_markup(Token& token) {
  const char c = bytes_[at_ + 1];
  if (is_letter(c)) {
    token.kind = Token::Kind::kStart;
    return read_tag(token, at_ + 1);
  }
  if (c == '/' && at_ + 2 < bytes_.size() && is_letter(bytes_[at_ + 2])) {
    token.kind = Token::Kind::kEnd;
    return read_tag(token, at_ + 2);
  }
  if (bytes_.substr(at_).starts_with("<!--"))
    skip_past("-->", at_ + 2);  // "<!-->" is a whole comment
  else
    skip_past(">", at_ + 2);
  return false;
}

bool Tokenizer::read_tag(Token& token, size_t name_begin) {
  at_ = name_begin;
  while (at_ < bytes_.size() && !is_html_space(bytes_[at_]) && bytes_[at_] != '/' && bytes_[at_] != '>')
    ++at_;
  token.name = to_lower(bytes_.substr(name_begin, std::min(at_ - name_begin, kMaxName)));
  while (read_attribute(token)) {
  }
  if (at_ >= bytes_.size()) return false;  // a tag without its end is none
  ++at_;
  if (token.kind == Token::Kind::kStart && std::ranges::find(kRawElements, token.name) != kRawElements.end())
    raw_element_ = token.name;
  return true;
}

// False at the end of the tag (at ">") or of the bytes.
bool Tokenizer::read_attribute(Token& token) {
  while (at_ < bytes_.size() && (is_html_space(bytes_[at_]) || bytes_[at_] == '/')) ++at_;
  if (at_ >= bytes_.size() || at('>')) return false;
  const size_t name_begin = at_++;  // even "=" begins a name
  while (at_ < bytes_.size() && !is_html_space(bytes_[at_]) && !at('/') && !at('>') && !at('=')) ++at_;
  const std::string_view name = bytes_.substr(name_begin, at_ - name_begin);
  std::string_view value;
  skip_space();
  if (at('=')) {
    ++at_;
    skip_space();
    if (at('"') || at('\'')) {
      const size_t end = bytes_.find(bytes_[at_], at_ + 1);
      if (end == std::string_view::npos) {
        at_ = bytes_.size();
        return false;
      }
      value = bytes_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
    } else {
      const size_t begin = at_;
      while (at_ < bytes_.size() && !is_html_space(bytes_[at_]) && !at('>')) ++at_;
      value = bytes_.substr(begin, at_ - begin);
    }
  }
  if (token.attributes.size() < kMaxAttributes && name.size() <= kMaxName)
    token.attributes.push_back({to_lower(name), value});
  return true;
}

// Everything up to the element's own end tag, whatever is in between.
void Tokenizer::read_raw_text(Token& token) {
  token.kind = Token::Kind::kText;
  token.name = std::exchange(raw_element_, {});
  size_t end = at_;
  for (;;) {
    end = bytes_.find("</", end);
    if (end == std::string_view::npos || token.name == "plaintext") {
      end = bytes_.size();
      break;
    }
    const size_t after = end + 2 + token.name.size();
    if (equals_ignore_case(bytes_.substr(end + 2, token.name.size()), token.name) &&
        (after >= bytes_.size() || is_html_space(bytes_[after]) || bytes_[after] == '>' ||
         bytes_[after] == '/'))
      break;
    end += 2;
  }
  token.text = bytes_.substr(at_, end - at_);
  at_ = end;
}

void Tokenizer::skip_past(std::string_view end, size_t from) {
  const size_t found = bytes_.find(end, std::min(from, bytes_.size()));
  at_ = found == std::string_view::npos ? bytes_.size() : found + end.size();
}

void Tokenizer::skip_space() {
  while (at_ < bytes_.size() && is_html_space(bytes_[at_])) ++at_;
}

}  // namespace awl::html
