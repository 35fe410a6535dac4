// The hand-written parser behind parse_shell: recursive descent over tokens that are read on demand, as bash
// does it. What is not known to mean exactly one thing stops it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "permission/shell_parse.h"

namespace awl::permission {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

class ShellParser {
 public:
  explicit ShellParser(std::string_view text) : text_(text), end_(text.size()) {}
  /// `understood` is true when the whole text was taken apart.
  Script run();

 private:
  struct Token {
    enum class Kind { kEnd, kNewline, kOperator, kWord };
    Kind kind = Kind::kEnd;
    std::string_view op;
    Word word;
  };
  struct HereDocument {
    std::string delimiter;
    bool strip_tabs = false;
    bool quoted = false;
  };
  /// Reserved words and operators that end a list.
  using Closers = std::span<const std::string_view>;

  // shell_token.cpp
  const Token& peek();
  Token next();
  Token read_token();
  void skip_blanks();
  std::string_view read_operator();
  void read_here_documents();
  void read_here_document(const HereDocument& document);
  void fail(std::string_view why);
  bool at_operator(std::string_view op);
  bool at_reserved(std::string_view name);
  void expect_operator(std::string_view op);
  void expect_reserved(std::string_view name);
  void skip_newlines();

  // shell_word.cpp
  Word read_word();
  void read_unquoted(Word& word);
  void read_single_quoted(Word& word);
  void read_double_quoted(Word& word);
  void read_ansi_quoted(Word& word);
  void read_ansi_escape(Word& word);
  void read_dollar(Word& word, bool quoted);
  void read_arithmetic();
  void read_parameter();
  void read_parameter_operation();
  void read_parenthesised(std::string_view opening);
  void read_backticks();
  void finish_word(Word& word, size_t begin);

  // shell_grammar.cpp
  bool at_closer(Closers closers);
  void parse_list(Closers closers);
  void parse_and_or();
  void parse_pipeline();
  void parse_command();
  bool parse_compound();
  void parse_braces();
  void parse_subshell();
  void parse_if();
  void parse_loop();
  void parse_for();
  void parse_case();
  void parse_function(bool with_keyword);
  void parse_condition();
  void parse_simple();
  bool parse_redirection(std::vector<Redirection>& into);
  void parse_trailing_redirections();

  char at(size_t position) const { return position < end_ ? text_[position] : '\0'; }

  std::string_view text_;
  size_t end_;
  size_t pos_ = 0;
  int depth_ = 0;
  bool failed_ = false;
  std::optional<Token> peeked_;
  std::vector<HereDocument> here_documents_;
  Script script_;
};

}  // namespace awl::permission
