#include "permission/shell_parser.h"

namespace awl::permission {
namespace {

constexpr int kMaxExpansionDepth = 50;

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}
bool is_meta(char c) { return std::string_view(" \t\n|&;()<>").contains(c); }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_escaped(std::string& pattern, char c) {
  if (std::string_view("*?[]\\{},.").contains(c)) pattern += '\\';
  pattern += c;
}

void append_utf8(std::string& text, uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | (code >> 12));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | (code >> 18));
    text += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

}  // namespace

Word ShellParser::read_word() {
  Word word;
  const size_t begin = pos_;
  while (!failed_ && pos_ < end_) {
    const char c = text_[pos_];
    // A process substitution may also stand in the middle of a word.
    if ((c == '<' || c == '>') && at(pos_ + 1) == '(') {
      const size_t opening = pos_;
      read_parenthesised(text_.substr(pos_, 2));
      word.expands = word.splits = true;
      word.text += text_.substr(opening, pos_ - opening);
      continue;
    }
    if (is_meta(c)) break;
    read_unquoted(word);
  }
  finish_word(word, begin);
  return word;
}

void ShellParser::read_unquoted(Word& word) {
  const char c = text_[pos_];
  switch (c) {
    case '\0':
      return fail("the command holds a NUL byte");
    case '\'':
      word.quoted = true;
      return read_single_quoted(word);
    case '"':
      word.quoted = true;
      return read_double_quoted(word);
    case '$':
      return read_dollar(word, false);
    case '`': {
      const size_t begin = pos_;
      read_backticks();
      word.expands = word.splits = true;
      word.text += text_.substr(begin, pos_ - begin);
      return;
    }
    case '\\':
      if (pos_ + 1 >= end_) return fail("the command ends in a backslash");
      if (text_[pos_ + 1] != '\n') {
        word.quoted = true;
        word.text += text_[pos_ + 1];
        append_escaped(word.pattern, text_[pos_ + 1]);
      }
      pos_ += 2;
      return;
    default:
      break;
  }
  word.text += c;
  word.pattern += c;
  ++pos_;
}

void ShellParser::read_single_quoted(Word& word) {
  const size_t close = text_.find('\'', pos_ + 1);
  if (close == std::string_view::npos || close >= end_) return fail("a quote is not closed");
  const std::string_view inside = text_.substr(pos_ + 1, close - pos_ - 1);
  if (inside.contains('\0')) return fail("the command holds a NUL byte");
  if (!here_documents_.empty() && inside.contains('\n'))
    return fail("a here-document starts in a quoted line");
  word.text += inside;
  for (const char c : inside) append_escaped(word.pattern, c);
  pos_ = close + 1;
}

void ShellParser::read_double_quoted(Word& word) {
  ++pos_;
  while (!failed_ && pos_ < end_ && text_[pos_] != '"') {
    const char c = text_[pos_];
    if (c == '\0') return fail("the command holds a NUL byte");
    if (c == '\n' && !here_documents_.empty()) return fail("a here-document starts in a quoted line");
    if (c == '$') {
      read_dollar(word, true);
    } else if (c == '`') {
      const size_t begin = pos_;
      read_backticks();
      word.expands = true;
      word.text += text_.substr(begin, pos_ - begin);
    } else if (c == '\\' && std::string_view("$`\"\\\n").contains(at(pos_ + 1)) && pos_ + 1 < end_) {
      if (text_[pos_ + 1] != '\n') {
        word.text += text_[pos_ + 1];
        append_escaped(word.pattern, text_[pos_ + 1]);
      }
      pos_ += 2;
    } else {
      word.text += c;
      append_escaped(word.pattern, c);
      ++pos_;
    }
  }
  if (pos_ >= end_) return fail("a quote is not closed");
  ++pos_;
}

void ShellParser::read_ansi_quoted(Word& word) {
  pos_ += 2;
  const size_t begin = word.text.size();
  while (!failed_ && pos_ < end_ && text_[pos_] != '\'') {
    if (text_[pos_] == '\\') {
      read_ansi_escape(word);
    } else {
      word.text += text_[pos_++];
    }
  }
  if (pos_ >= end_) return fail("a quote is not closed");
  ++pos_;
  const std::string_view inside = std::string_view(word.text).substr(begin);
  // Bash cuts the string at a NUL; nothing honest is written like that.
  if (inside.contains('\0')) return fail("the command holds a NUL byte");
  for (const char c : inside) append_escaped(word.pattern, c);
}

void ShellParser::read_ansi_escape(Word& word) {
  const char c = at(pos_ + 1);
  pos_ += 2;
  static constexpr std::string_view kNames = "abeEfnrtv\\'\"?";
  static constexpr std::string_view kValues = "\a\b\x1b\x1b\f\n\r\t\v\\'\"?";
  if (const size_t index = kNames.find(c); index != std::string_view::npos) {
    word.text += kValues[index];
    return;
  }
  if (c >= '0' && c <= '7') {
    uint32_t code = static_cast<uint32_t>(c - '0');
    for (int i = 0; i < 2 && at(pos_) >= '0' && at(pos_) <= '7'; ++i) {
      code = code * 8 + static_cast<uint32_t>(text_[pos_++] - '0');
    }
    word.text += static_cast<char>(code & 0xFF);
    return;
  }
  const int most = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  uint32_t code = 0;
  int count = 0;
  for (; count < most && hex_value(at(pos_)) >= 0; ++count) {
    code = code * 16 + static_cast<uint32_t>(hex_value(text_[pos_++]));
  }
  if (count == 0 || code > 0x10FFFF) return fail("an escape in $'...' is not known");
  if (c == 'x') {
    word.text += static_cast<char>(code);
  } else {
    append_utf8(word.text, code);
  }
}

void ShellParser::read_dollar(Word& word, bool quoted) {
  const size_t begin = pos_;
  const char c = at(pos_ + 1);
  if (c == '\'' && !quoted) {
    word.quoted = true;
    return read_ansi_quoted(word);
  }
  if (c == '"' && !quoted) {  // a translated string: the text may change with the locale
    word.quoted = word.expands = true;
    ++pos_;
    return read_double_quoted(word);
  }
  if (c == '[') return fail("$[...] is not looked into");
  if (c == '(' && at(pos_ + 2) == '(') {
    read_arithmetic();
  } else if (c == '(') {
    read_parenthesised("$(");
  } else if (c == '{') {
    read_parameter();
  } else if (is_digit(c) || (c != '\0' && std::string_view("@*#?-$!").contains(c))) {
    pos_ += 2;
  } else if (is_name_char(c)) {
    pos_ += 2;
    while (is_name_char(at(pos_))) ++pos_;
  } else {
    word.text += '$';
    word.pattern += '$';
    ++pos_;
    return;
  }
  word.expands = true;
  word.splits = word.splits || !quoted;
  word.text += text_.substr(begin, pos_ - begin);
}

void ShellParser::read_arithmetic() {
  // Only constants: the value of a variable is evaluated too, and can hold a substitution.
  static constexpr std::string_view kAllowed = "0123456789 +-*/%<>=!&|^~?:,\t";
  pos_ += 3;
  for (int open = 1; pos_ < end_; ++pos_) {
    const char c = text_[pos_];
    if (c == '(') {
      ++open;
    } else if (c == ')') {
      if (--open == 0) break;
    } else if (!kAllowed.contains(c)) {
      return fail("arithmetic with more than constants is not looked into");
    }
  }
  if (at(pos_) != ')' || at(pos_ + 1) != ')') return fail("$((...)) is not closed");
  pos_ += 2;
}

void ShellParser::read_parameter() {
  pos_ += 2;
  if (at(pos_) == '#' && at(pos_ + 1) != '}') ++pos_;
  const size_t name = pos_;
  while (is_name_char(at(pos_))) ++pos_;
  if (pos_ == name && at(pos_) != '\0' && std::string_view("@*#?$").contains(at(pos_))) ++pos_;
  // ${!x} takes the name of another variable, whose subscript would be evaluated.
  if (pos_ == name) return fail("this ${...} is not looked into");
  if (at(pos_) == '[') {
    ++pos_;
    if (at(pos_) == '@' || at(pos_) == '*') {
      ++pos_;
    } else {
      while (is_digit(at(pos_))) ++pos_;
    }
    if (at(pos_) != ']') return fail("a computed subscript is not looked into");
    ++pos_;
  }
  if (at(pos_) != '}') read_parameter_operation();
  if (failed_) return;
  if (at(pos_) != '}') return fail("${...} is not closed");
  ++pos_;
}

void ShellParser::read_parameter_operation() {
  const char op = at(pos_);
  const char second = at(pos_ + 1);
  const bool offset = op == ':' && second != '-' && second != '+' && second != '?';
  const bool known = std::string_view("%#/^,-+?:@").contains(op) && op != '\0';
  // ${x=v} assigns, ${x@P} expands its value once more.
  if (!known || (op == ':' && second == '=')) return fail("this ${...} is not looked into");
  if (op == '@' && !std::string_view("ULuQ").contains(second)) return fail("this ${...} is not looked into");
  for (++pos_; pos_ < end_ && text_[pos_] != '}'; ++pos_) {
    const char c = text_[pos_];
    if (offset && !is_digit(c) && !std::string_view(" :-").contains(c)) {
      return fail("a computed offset is not looked into");
    }
    if (std::string_view("$`'\"\\{\n").contains(c) || c == '\0')
      return fail("this ${...} is not looked into");
  }
}

void ShellParser::read_parenthesised(std::string_view opening) {
  if (!here_documents_.empty()) return fail("a substitution follows a here-document");
  if (depth_ >= kMaxExpansionDepth) return fail("it is nested too deeply");
  static constexpr std::string_view kClose[] = {")"};
  pos_ += opening.size();
  ++depth_;
  const std::optional<Token> outer = std::exchange(peeked_, std::nullopt);
  parse_list(kClose);
  expect_operator(")");
  peeked_ = outer;
  --depth_;
}

void ShellParser::read_backticks() {
  if (!here_documents_.empty()) return fail("a substitution follows a here-document");
  if (depth_ >= kMaxExpansionDepth) return fail("it is nested too deeply");
  const size_t close = text_.find('`', pos_ + 1);
  if (close == std::string_view::npos || close >= end_) return fail("a backtick is not closed");
  if (text_.substr(pos_, close - pos_).contains('\\'))
    return fail("an escape in backticks is not looked into");
  ++pos_;
  ++depth_;
  const std::optional<Token> outer = std::exchange(peeked_, std::nullopt);
  const size_t outer_end = std::exchange(end_, close);
  parse_list({});
  if (peek().kind != Token::Kind::kEnd) fail("a command in backticks is not complete");
  end_ = outer_end;
  pos_ = close + 1;
  peeked_ = outer;
  --depth_;
}

void ShellParser::finish_word(Word& word, size_t begin) {
  word.begin = begin;
  word.source = text_.substr(begin, pos_ - begin);
  // What was quoted is escaped in `pattern`: its plain characters are the unquoted ones.
  const std::string& pattern = word.pattern;
  bool open = false, several = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    switch (pattern[i]) {
      case '\\':
        ++i;
        break;
      case '*':
      case '?':
        word.glob = true;
        break;
      case '[':
        word.glob = word.glob || pattern.find(']', i) != std::string::npos;
        break;
      case '{':
        open = true;
        break;
      case ',':
        several = several || open;
        break;
      case '.':
        several = several || (open && pattern.compare(i, 2, "..") == 0);
        break;
      case '}':
        word.brace = word.brace || several;
        break;
      default:
        break;
    }
  }
  if (word.source.starts_with('~')) {
    const std::string_view prefix = std::string_view(word.source).substr(0, word.source.find('/'));
    word.tilde = prefix == "~";
    word.odd_tilde = !word.tilde;
  }
  if (word.source.contains("=~") || word.source.contains(":~")) word.odd_tilde = true;
}

}  // namespace awl::permission
