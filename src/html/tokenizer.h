// HTML as a sequence of tags and texts, as a browser cuts it (WHATWG HTML, 13.2.5), in one pass over the
// bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace awl::html {

struct Attribute {
  std::string name;        ///< lower case
  std::string_view value;  ///< as written: character references are not replaced
};

struct Token {
  enum class Kind { kText, kStart, kEnd };
  Kind kind = Kind::kText;
  std::string
      name;  ///< of a tag, lower case; of a text: the element whose text is no markup (script …), or ""
  std::string_view text;  ///< as written
  std::vector<Attribute> attributes;

  /// As written; "" when there is none.
  std::string_view attribute(std::string_view attribute_name) const;
  bool has_attribute(std::string_view attribute_name) const;
};

/// Comments, declarations and what is broken beyond use are passed over. The bytes must outlive the tokens.
class Tokenizer {
 public:
  explicit Tokenizer(std::string_view bytes) : bytes_(bytes) {}
  /// False at the end.
  bool next(Token& token);

 private:
  bool read_markup(Token& token);
  bool read_tag(Token& token, size_t name_begin);
  bool read_attribute(Token& token);
  void read_raw_text(Token& token);
  void skip_past(std::string_view end, size_t from);
  void skip_space();
  bool at(char c) const { return at_ < bytes_.size() && bytes_[at_] == c; }

  std::string_view bytes_;
  size_t at_ = 0;
  std::string raw_element_;  // the element whose text comes next
};

}  // namespace awl::html
