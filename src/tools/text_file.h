// Text files as the model sees them, and edits that leave every other byte alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace awl::tools {

enum class Encoding {
  kUtf8,     ///< also any other bytes: what is no UTF-8 is shown as U+FFFD and kept
  kUtf8Bom,  ///< with EF BB BF in front
  kUtf16Le,  ///< by FF FE
  kUtf16Be,  ///< by FE FF
};

/// By the byte order mark that `head`, the beginning of a file, has.
Encoding detect_encoding(std::string_view head);
/// Bytes of the mark.
size_t bom_size(Encoding encoding);
bool is_utf16(Encoding encoding);

/// Decodes UTF-16 to UTF-8 and takes what it used off `bytes`; an unfinished unit stays there unless `last`.
/// Lone surrogates and a last odd byte become U+FFFD.
std::string decode_utf16(std::string_view& bytes, Encoding encoding, bool last);

/// A whole file in memory. The view is valid UTF-8 with plain newlines for CRLF and without a byte order
/// mark.
class TextFile {
 public:
  explicit TextFile(std::string bytes);

  const std::string& bytes() const { return bytes_; }
  const std::string& view() const { return identical_ ? bytes_ : view_; }
  Encoding encoding() const { return encoding_; }
  bool has_crlf() const { return has_crlf_; }
  /// True when the view holds U+FFFD for bytes that are no text.
  bool has_ill_formed() const { return has_ill_formed_; }

  /// Byte offsets in view(), at code point boundaries.
  struct Span {
    size_t begin;
    size_t end;
  };
  /// The file's bytes with each span replaced by `text` (UTF-8) in the file's encoding; all bytes outside the
  /// spans stay as they are. Spans are sorted and disjoint. A newline of `text` becomes what the span's own
  /// newlines are, or the nearest one before it, or the first of the file.
  std::string replace(const std::vector<Span>& spans, std::string_view text) const;

 private:
  struct Unit {
    size_t bytes;
    size_t view_bytes;
    bool newline;
    bool crlf;
    bool valid;
  };
  struct Place;
  Unit unit_at(size_t offset) const;
  Unit unit16_at(size_t offset) const;
  void build_view();
  std::vector<Place> locate(const std::vector<Span>& spans) const;
  std::string encode(std::string_view text, const Place& place) const;

  std::string bytes_;
  std::string view_;
  Encoding encoding_ = Encoding::kUtf8;
  bool identical_ = false;
  bool has_crlf_ = false;
  bool has_ill_formed_ = false;
};

}  // namespace awl::tools
