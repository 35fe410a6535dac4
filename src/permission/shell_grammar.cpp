#include <array>

#include "permission/shell_parser.h"

namespace awl::permission {
namespace {

constexpr int kMaxDepth = 50;

constexpr std::array<std::string_view, 22> kReserved = {
    "!",  "{",    "}",     "[[",    "]]",   "if",   "then",   "elif",   "else", "fi",   "for",
    "do", "done", "while", "until", "case", "esac", "select", "coproc", "in",   "time", "function"};

bool is_reserved(std::string_view word) { return std::ranges::find(kReserved, word) != kReserved.end(); }

bool is_name(std::string_view text) {
  const auto is_name_char = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
  };
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::ranges::all_of(text, is_name_char);
}

/// The name that `source` assigns to, when it is an assignment: NAME=, NAME+= or NAME[...]=.
std::optional<std::string> assigned_name(std::string_view source) {
  const size_t equals = source.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  std::string_view name = source.substr(0, equals);
  if (name.ends_with('+')) name.remove_suffix(1);
  name = name.substr(0, name.find('['));
  if (!is_name(name)) return std::nullopt;
  return std::string(name);
}

}  // namespace

Script ShellParser::run() {
  parse_list({});
  if (!failed_ && peek().kind != Token::Kind::kEnd) fail("it is not a complete command");
  script_.understood = !failed_;
  return std::move(script_);
}

bool ShellParser::at_closer(Closers closers) {
  const Token& token = peek();
  switch (token.kind) {
    case Token::Kind::kEnd:
      return true;
    case Token::Kind::kNewline:
      return false;
    case Token::Kind::kOperator:
      return std::ranges::find(closers, token.op) != closers.end();
    case Token::Kind::kWord:
      return std::ranges::find(closers, token.word.source) != closers.end();
  }
  return true;
}

void ShellParser::parse_list(Closers closers) {
  while (!failed_) {
    skip_newlines();
    if (at_closer(closers)) return;
    parse_and_or();
    if (at_operator(";") || at_operator("&") || peek().kind == Token::Kind::kNewline) {
      next();
    } else {
      if (!at_closer(closers)) fail("it holds something unexpected");
      return;
    }
  }
}

void ShellParser::parse_and_or() {
  parse_pipeline();
  while (at_operator("&&") || at_operator("||")) {
    next();
    skip_newlines();
    parse_pipeline();
  }
}

void ShellParser::parse_pipeline() {
  while (at_reserved("!")) next();
  parse_command();
  while (at_operator("|") || at_operator("|&")) {
    next();
    skip_newlines();
    parse_command();
  }
}

void ShellParser::parse_command() {
  if (depth_ >= kMaxDepth) return fail("it is nested too deeply");
  ++depth_;
  if (parse_compound()) {
    parse_trailing_redirections();
  } else {
    parse_simple();
  }
  --depth_;
}

bool ShellParser::parse_compound() {
  const Token& token = peek();
  if (token.kind == Token::Kind::kOperator && token.op == "(") {
    parse_subshell();
    return true;
  }
  if (token.kind != Token::Kind::kWord || !is_reserved(token.word.source) || token.word.source == "time")
    return false;
  const std::string name = token.word.source;
  if (name == "{") {
    parse_braces();
  } else if (name == "if") {
    parse_if();
  } else if (name == "while" || name == "until") {
    parse_loop();
  } else if (name == "for") {
    parse_for();
  } else if (name == "case") {
    parse_case();
  } else if (name == "function") {
    parse_function(true);
  } else if (name == "[[") {
    parse_condition();
  } else {
    fail("it has a reserved word where none belongs");
  }
  return true;
}

void ShellParser::parse_braces() {
  static constexpr std::string_view kClose[] = {"}"};
  next();
  parse_list(kClose);
  expect_reserved("}");
}

void ShellParser::parse_subshell() {
  static constexpr std::string_view kClose[] = {")"};
  next();
  // Bash takes (( for arithmetic, or for two subshells when that does not fit.
  if (!failed_ && text_[pos_ - 1] == '(' && at(pos_) == '(') return fail("((...)) is not looked into");
  parse_list(kClose);
  expect_operator(")");
}

void ShellParser::parse_if() {
  static constexpr std::string_view kThen[] = {"then"};
  static constexpr std::string_view kBranch[] = {"elif", "else", "fi"};
  static constexpr std::string_view kFi[] = {"fi"};
  do {
    next();
    parse_list(kThen);
    expect_reserved("then");
    parse_list(kBranch);
  } while (!failed_ && at_reserved("elif"));
  if (at_reserved("else")) {
    next();
    parse_list(kFi);
  }
  expect_reserved("fi");
}

void ShellParser::parse_loop() {
  static constexpr std::string_view kDo[] = {"do"};
  static constexpr std::string_view kDone[] = {"done"};
  next();
  parse_list(kDo);
  expect_reserved("do");
  parse_list(kDone);
  expect_reserved("done");
}

void ShellParser::parse_for() {
  static constexpr std::string_view kDone[] = {"done"};
  next();
  const Token variable = next();
  if (variable.kind != Token::Kind::kWord || !is_name(variable.word.source)) {
    return fail("this form of `for` is not looked into");
  }
  script_.loop_variables.push_back(variable.word.source);
  skip_newlines();
  if (at_reserved("in")) {
    next();
    while (peek().kind == Token::Kind::kWord) next();
  }
  if (at_operator(";")) next();
  skip_newlines();
  expect_reserved("do");
  parse_list(kDone);
  expect_reserved("done");
}

void ShellParser::parse_case() {
  static constexpr std::string_view kItemEnd[] = {";;", ";&", ";;&", "esac"};
  next();
  if (next().kind != Token::Kind::kWord) return fail("`case` has no word");
  skip_newlines();
  expect_reserved("in");
  skip_newlines();
  while (!failed_ && !at_reserved("esac")) {
    if (at_operator("(")) next();
    do {
      if (at_operator("|")) next();
      if (next().kind != Token::Kind::kWord) return fail("a pattern of `case` is not looked into");
    } while (at_operator("|"));
    expect_operator(")");
    parse_list(kItemEnd);
    if (at_reserved("esac")) break;
    if (!at_operator(";;") && !at_operator(";&") && !at_operator(";;&"))
      return fail("`case` is not complete");
    next();
    skip_newlines();
  }
  expect_reserved("esac");
}

void ShellParser::parse_function(bool with_keyword) {
  if (with_keyword) next();
  const Token name = next();
  if (name.kind != Token::Kind::kWord || !is_name(name.word.source) || is_reserved(name.word.source)) {
    return fail("a function has an unusual name");
  }
  if (at_operator("(")) {
    next();
    expect_operator(")");
  } else if (!with_keyword) {
    return fail("a bracket is out of place");
  }
  skip_newlines();
  if (!parse_compound()) fail("a function has no body");
}

void ShellParser::parse_condition() {
  Command command;
  command.words.push_back(next().word);
  while (!failed_) {
    Token token = next();
    if (token.kind == Token::Kind::kWord) {
      const bool last = token.word.source == "]]";
      command.words.push_back(std::move(token.word));
      if (last) break;
      continue;
    }
    const bool known = token.kind == Token::Kind::kOperator &&
                       (token.op == "&&" || token.op == "||" || token.op == "(" || token.op == ")" ||
                        token.op == "<" || token.op == ">" || token.op == "|");
    if (!known) return fail("[[ ... ]] is not closed");
  }
  script_.commands.push_back(std::move(command));
}

void ShellParser::parse_simple() {
  Command command;
  while (!failed_) {
    if (parse_redirection(command.redirections)) continue;
    const Token& token = peek();
    if (token.kind == Token::Kind::kOperator && token.op == "(") {
      fail("a bracket is out of place");
      break;
    }
    if (token.kind != Token::Kind::kWord) break;
    const std::optional<std::string> name =
        command.words.empty() ? assigned_name(token.word.source) : std::nullopt;
    if (name) {
      const bool array = at(pos_) == '(' && token.word.source.ends_with('=');
      if (array || token.word.source.find('[') < token.word.source.find('=')) {
        fail("an assignment to an array is not looked into");
        break;
      }
      command.assignments.push_back({*name, next().word});
      continue;
    }
    // `name (` begins a function; the bracket may follow after blanks.
    if (command.words.empty() && command.assignments.empty() && command.redirections.empty()) {
      size_t after = pos_;
      while (at(after) == ' ' || at(after) == '\t') ++after;
      if (at(after) == '(') return parse_function(false);
    }
    command.words.push_back(next().word);
    const size_t count = command.words.size();
    // After `time` the next word is at the place of a command again.
    const bool after_time = count > 1 && command.words[0].source == "time" &&
                            (count == 2 || (count == 3 && command.words[1].source == "-p"));
    if (after_time && assigned_name(command.words.back().source))
      fail("an assignment after `time` is not looked into");
    if (after_time && is_reserved(command.words.back().source))
      fail("`time` of a compound command is not looked into");
    if (count == 1 && command.words[0].source != "time" && is_reserved(command.words[0].source)) {
      fail("it has a reserved word where none belongs");
    }
  }
  if (command.words.empty() && command.assignments.empty() && command.redirections.empty()) {
    return fail("a command is missing");
  }
  script_.commands.push_back(std::move(command));
}

bool ShellParser::parse_redirection(std::vector<Redirection>& into) {
  using Kind = Redirection::Kind;
  const Token& token = peek();
  if (token.kind != Token::Kind::kOperator || !(token.op.contains('<') || token.op.contains('>')))
    return false;
  const std::string_view op = next().op;
  Token target = next();
  if (target.kind != Token::Kind::kWord) {
    fail("a redirection has no target");
    return true;
  }
  Redirection redirection{Kind::kWrite, std::move(target.word)};
  const Word& word = redirection.target;
  if (op == "<<" || op == "<<-") {
    if (word.expands || word.text.size() > 100 || word.source.contains('\n'))
      fail("a here-document has an odd mark");
    here_documents_.push_back({word.text, op == "<<-", word.quoted});
    redirection.kind = Kind::kText;
  } else if (op == "<<<") {
    redirection.kind = Kind::kText;
  } else if (op == "<") {
    redirection.kind = Kind::kRead;
  } else if (op == "<&" || op == ">&") {
    const bool number = word.source.find_first_not_of("0123456789-") == std::string::npos;
    if (number) redirection.kind = Kind::kDuplicate;
    if (!number && op == "<&") fail("<& of something that is not a number is not looked into");
  }
  into.push_back(std::move(redirection));
  return true;
}

void ShellParser::parse_trailing_redirections() {
  Command command;
  while (!failed_ && parse_redirection(command.redirections)) {
  }
  if (!command.redirections.empty()) script_.commands.push_back(std::move(command));
}

}  // namespace awl::permission
