#include "aws/command_line.h"

namespace awl::aws {

namespace {

bool is_separator(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

Result<std::vector<std::string>> split_command_line(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      // Inside double quotes a backslash is one only before what is special there.
      const char next = text[i + 1];
      if (quote == '"' && next != '"' && next != '\\') {
        word += c;
        continue;
      }
      word += next;
      in_word = true;
      ++i;
    } else if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      in_word = true;
    } else if (is_separator(c)) {
      if (in_word) words.push_back(std::exchange(word, ""));
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (quote != 0) return fail(ErrorKind::kInvalidInput, "a quote is opened and not closed");
  if (in_word) words.push_back(std::move(word));
  if (words.empty() || words.front().empty()) return fail(ErrorKind::kInvalidInput, "it names no program");
  return words;
}

}  // namespace awl::aws
