#include "tools/text_file.h"

#include <cstdint>

#include "base/utf8.h"

namespace awl::tools {

namespace {

constexpr std::string_view kUnreadableCharacter = "\xEF\xBF\xBD";

uint32_t read_unit16(std::string_view bytes, size_t offset, Encoding encoding) {
  const auto first = static_cast<uint8_t>(bytes[offset]);
  const auto second = static_cast<uint8_t>(bytes[offset + 1]);
  return encoding == Encoding::kUtf16Le ? first | second << 8U : first << 8U | second;
}

void append_unit16(std::string& out, uint32_t unit, Encoding encoding) {
  const char low = static_cast<char>(unit & 0xFF);
  const char high = static_cast<char>(unit >> 8U);
  out += encoding == Encoding::kUtf16Le ? low : high;
  out += encoding == Encoding::kUtf16Le ? high : low;
}

void append_utf8(std::string& out, uint32_t code) {
  const auto add = [&out](uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | code >> 6U);
    add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12U);
    add(0x80 | (code >> 6U & 0x3F));
    add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | code >> 18U);
    add(0x80 | (code >> 12U & 0x3F));
    add(0x80 | (code >> 6U & 0x3F));
    add(0x80 | (code & 0x3F));
  }
}

struct Code16 {
  uint32_t code;  // 0xFFFD when not valid
  size_t bytes;
  bool valid;
};

Code16 code16_at(std::string_view bytes, size_t offset, Encoding encoding) {
  if (bytes.size() - offset < 2) return {0xFFFD, 1, false};
  const uint32_t unit = read_unit16(bytes, offset, encoding);
  if (unit < 0xD800 || unit > 0xDFFF) return {unit, 2, true};
  if (unit < 0xDC00 && bytes.size() - offset >= 4) {
    const uint32_t next = read_unit16(bytes, offset + 2, encoding);
    if (next >= 0xDC00 && next <= 0xDFFF)
      return {0x10000 + ((unit - 0xD800) << 10U) + (next - 0xDC00), 4, true};
  }
  return {0xFFFD, 2, false};
}

uint32_t code_point(std::string_view character) {
  const auto first = static_cast<uint8_t>(character[0]);
  if (character.size() == 1) return first;
  uint32_t code = first & (0xFFU >> (character.size() + 1));
  for (const char c : character.substr(1)) code = code << 6U | (static_cast<uint8_t>(c) & 0x3FU);
  return code;
}

}  // namespace

Encoding detect_encoding(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) return Encoding::kUtf8Bom;
  if (head.starts_with("\xFF\xFE")) return Encoding::kUtf16Le;
  if (head.starts_with("\xFE\xFF")) return Encoding::kUtf16Be;
  return Encoding::kUtf8;
}

size_t bom_size(Encoding encoding) {
  if (encoding == Encoding::kUtf8) return 0;
  return encoding == Encoding::kUtf8Bom ? 3 : 2;
}

bool is_utf16(Encoding encoding) { return encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf16Be; }

std::string decode_utf16(std::string_view& bytes, Encoding encoding, bool last) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty() && (last || bytes.size() >= 4)) {
    const Code16 next = code16_at(bytes, 0, encoding);
    append_utf8(out, next.code);
    bytes.remove_prefix(next.bytes);
  }
  return out;
}

// Where a span lies in the bytes, and which newlines it has.
struct TextFile::Place {
  size_t begin = 0;
  size_t end = 0;
  bool crlf_before = false;         // of the nearest newline in front, or of the file's first
  std::vector<bool> newlines = {};  // inside the span, true for CRLF
};

TextFile::TextFile(std::string bytes) : bytes_(std::move(bytes)), encoding_(detect_encoding(bytes_)) {
  identical_ = encoding_ == Encoding::kUtf8 && bytes_.find("\r\n") == std::string::npos && is_utf8(bytes_);
  if (!identical_) build_view();
}

TextFile::Unit TextFile::unit16_at(size_t offset) const {
  const Code16 next = code16_at(bytes_, offset, encoding_);
  if (next.code == '\r' && bytes_.size() - offset >= 4 &&
      read_unit16(bytes_, offset + 2, encoding_) == '\n') {
    return {4, 1, true, true, true};
  }
  const size_t view_bytes = next.code < 0x80 ? 1 : next.code < 0x800 ? 2 : next.code < 0x10000 ? 3 : 4;
  return {next.bytes, view_bytes, next.code == '\n', false, next.valid};
}

TextFile::Unit TextFile::unit_at(size_t offset) const {
  if (is_utf16(encoding_)) return unit16_at(offset);
  const std::string_view rest = std::string_view(bytes_).substr(offset);
  if (rest[0] == '\r' && rest.size() > 1 && rest[1] == '\n') return {2, 1, true, true, true};
  const Utf8Step step = utf8_step(rest);
  return {step.length, step.valid ? step.length : kUnreadableCharacter.size(), rest[0] == '\n', false,
          step.valid};
}

void TextFile::build_view() {
  view_.reserve(bytes_.size());
  for (size_t offset = bom_size(encoding_); offset < bytes_.size();) {
    const Unit unit = unit_at(offset);
    if (!unit.valid) {
      view_ += kUnreadableCharacter;
      has_ill_formed_ = true;
    } else if (unit.newline) {
      view_ += '\n';
      has_crlf_ = has_crlf_ || unit.crlf;
    } else if (is_utf16(encoding_)) {
      append_utf8(view_, code16_at(bytes_, offset, encoding_).code);
    } else {
      view_.append(bytes_, offset, unit.bytes);
    }
    offset += unit.bytes;
  }
}

std::vector<TextFile::Place> TextFile::locate(const std::vector<Span>& spans) const {
  std::vector<Place> places(spans.size());
  if (identical_) {
    for (size_t i = 0; i < spans.size(); ++i) places[i] = {.begin = spans[i].begin, .end = spans[i].end};
    return places;
  }
  size_t offset = bom_size(encoding_);
  size_t view_offset = 0;
  bool any_newline = false;
  bool last_crlf = has_crlf_;
  size_t without_newline = 0;  // spans [0, without_newline) had none in front
  const auto step = [&](std::vector<bool>* newlines) {
    const Unit unit = unit_at(offset);
    offset += unit.bytes;
    view_offset += unit.view_bytes;
    if (!unit.newline) return;
    if (!any_newline) {
      for (size_t i = 0; i < without_newline; ++i) places[i].crlf_before = unit.crlf;
    }
    any_newline = true;
    last_crlf = unit.crlf;
    if (newlines != nullptr) newlines->push_back(unit.crlf);
  };
  for (size_t i = 0; i < spans.size(); ++i) {
    while (view_offset < spans[i].begin) step(nullptr);
    places[i].begin = offset;
    places[i].crlf_before = last_crlf;
    if (!any_newline) without_newline = i + 1;
    while (view_offset < spans[i].end) step(&places[i].newlines);
    places[i].end = offset;
  }
  while (without_newline > 0 && !any_newline && offset < bytes_.size()) step(nullptr);
  return places;
}

std::string TextFile::encode(std::string_view text, const Place& place) const {
  std::string out;
  size_t newline = 0;
  while (!text.empty()) {
    const Utf8Step step = utf8_step(text);
    const std::string_view character = text.substr(0, step.length);
    text.remove_prefix(step.length);
    if (character == "\n") {
      const bool crlf = newline < place.newlines.size() ? place.newlines[newline]
                        : place.newlines.empty()        ? place.crlf_before
                                                        : place.newlines.back();
      ++newline;
      if (crlf && is_utf16(encoding_)) append_unit16(out, '\r', encoding_);
      if (crlf && !is_utf16(encoding_)) out += '\r';
    }
    if (!is_utf16(encoding_)) {
      out += character;
      continue;
    }
    const uint32_t code = step.valid ? code_point(character) : 0xFFFD;
    if (code >= 0x10000) {
      append_unit16(out, 0xD800 + ((code - 0x10000) >> 10U), encoding_);
      append_unit16(out, 0xDC00 + ((code - 0x10000) & 0x3FFU), encoding_);
    } else {
      append_unit16(out, code, encoding_);
    }
  }
  return out;
}

std::string TextFile::replace(const std::vector<Span>& spans, std::string_view text) const {
  std::string out;
  size_t copied = 0;
  for (const Place& place : locate(spans)) {
    out.append(bytes_, copied, place.begin - copied);
    out += encode(text, place);
    copied = place.end;
  }
  out.append(bytes_, copied);
  return out;
}

}  // namespace awl::tools
