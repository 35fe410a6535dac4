#include <array>

#include "permission/shell_parser.h"

namespace awl::permission {
namespace {

// Longest first.
constexpr std::array<std::string_view, 23> kOperators = {";;&", "&>>", "<<<", "<<-", "&&", "||", ";;", ";&",
                                                         "|&",  "&>",  "<<",  "<&",  "<>", ">>", ">&", ">|",
                                                         "&",   "|",   ";",   "<",   ">",  "(",  ")"};

}  // namespace

void ShellParser::fail(std::string_view why) {
  if (failed_) return;
  failed_ = true;
  script_.problem = why;
}

const ShellParser::Token& ShellParser::peek() {
  if (!peeked_) peeked_ = read_token();
  return *peeked_;
}

ShellParser::Token ShellParser::next() {
  peek();
  Token token = std::move(*peeked_);
  peeked_.reset();
  return token;
}

void ShellParser::skip_blanks() {
  while (pos_ < end_) {
    if (text_[pos_] == ' ' || text_[pos_] == '\t') {
      ++pos_;
    } else if (text_[pos_] == '\\' && at(pos_ + 1) == '\n') {
      pos_ += 2;
    } else {
      return;
    }
  }
}

std::string_view ShellParser::read_operator() {
  for (const std::string_view op : kOperators) {
    if (text_.substr(pos_, std::min(op.size(), end_ - pos_)) == op) {
      pos_ += op.size();
      return op;
    }
  }
  return {};
}

ShellParser::Token ShellParser::read_token() {
  Token token;
  if (failed_) return token;
  skip_blanks();
  if (at(pos_) == '#') {
    while (pos_ < end_ && text_[pos_] != '\n') ++pos_;
  }
  if (pos_ >= end_) {
    if (!here_documents_.empty()) fail("a here-document has no body");
    return token;
  }
  if (text_[pos_] == '\n') {
    ++pos_;
    token.kind = Token::Kind::kNewline;
    read_here_documents();
    return failed_ ? Token{} : token;
  }
  // `2>`: the number belongs to the redirection.
  size_t digits = pos_;
  while (is_digit(at(digits))) ++digits;
  const bool numbered = digits > pos_ && (at(digits) == '<' || at(digits) == '>');
  if (numbered) pos_ = digits;
  const bool substitution = (text_[pos_] == '<' || text_[pos_] == '>') && at(pos_ + 1) == '(';
  if (numbered && substitution) {
    fail("a number before a process substitution is not looked into");
    return token;
  }
  if (!substitution) token.op = read_operator();
  if (!token.op.empty()) {
    token.kind = Token::Kind::kOperator;
    return token;
  }
  token.kind = Token::Kind::kWord;
  token.word = read_word();
  if (token.word.source.starts_with('{') && token.word.source.ends_with('}') &&
      (at(pos_) == '<' || at(pos_) == '>')) {
    fail("{name}> is not looked into");  // it assigns the variable
  }
  return failed_ ? Token{} : token;
}

void ShellParser::read_here_documents() {
  const std::vector<HereDocument> documents = std::exchange(here_documents_, {});
  for (const HereDocument& document : documents) {
    if (!failed_) read_here_document(document);
  }
}

void ShellParser::read_here_document(const HereDocument& document) {
  const size_t body_begin = pos_;
  size_t body_end = pos_;
  bool found = false;
  while (pos_ < end_ && !found) {
    body_end = pos_;
    const size_t newline = std::min(text_.find('\n', pos_), end_);
    std::string_view line = text_.substr(pos_, newline - pos_);
    pos_ = std::min(newline + 1, end_);
    // A continued line would be joined with the next before it is compared.
    if (!document.quoted && line.ends_with('\\')) return fail("a here-document has a continued line");
    if (document.strip_tabs) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
    found = line == document.delimiter;
  }
  if (!found) return fail("a here-document is not closed");
  if (document.quoted) return;

  const size_t after = pos_;
  const size_t outer_end = std::exchange(end_, body_end);
  Word body;
  for (pos_ = body_begin; pos_ < end_ && !failed_;) {
    if (text_[pos_] == '\\') {
      pos_ += 2;
    } else if (text_[pos_] == '$') {
      read_dollar(body, true);
    } else if (text_[pos_] == '`') {
      read_backticks();
    } else {
      ++pos_;
    }
  }
  end_ = outer_end;
  pos_ = after;
}

bool ShellParser::at_operator(std::string_view op) {
  const Token& token = peek();
  return token.kind == Token::Kind::kOperator && token.op == op;
}

bool ShellParser::at_reserved(std::string_view name) {
  const Token& token = peek();
  return token.kind == Token::Kind::kWord && token.word.source == name;
}

void ShellParser::expect_operator(std::string_view op) {
  if (!at_operator(op)) return fail("a bracket is not closed");
  next();
}

void ShellParser::expect_reserved(std::string_view name) {
  if (!at_reserved(name)) return fail("a compound command is not complete");
  next();
}

void ShellParser::skip_newlines() {
  while (peek().kind == Token::Kind::kNewline) next();
}

}  // namespace awl::permission
