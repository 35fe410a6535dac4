#include "permission/shell_parse.h"

#include <algorithm>

#include "permission/shell_parser.h"
#include "permission/shell_tree.h"

namespace awl::permission {
namespace {

bool is_builtin_of_grammar(std::string_view name) {
  for (const std::string_view builtin :
       {"declare", "typeset", "export", "readonly", "local", "unset", "unsetenv", "[", "[["}) {
    if (name == builtin) return true;
  }
  return false;
}

/// A `-` on its own: the grammar loses it before a here-document, as in `python3 - <<EOF`.
bool is_lone_dash(std::string_view text, size_t begin) {
  return text[begin] == '-' &&
         (begin + 1 == text.size() || text[begin + 1] == ' ' || text[begin + 1] == '\n');
}

/// True when the grammar sees the same words at the same places.
bool grammar_agrees(const Script& script, std::string_view text) {
  const std::optional<ShellOutline> outline = outline_shell(text);
  if (!outline) return false;
  ShellOutline ours;
  for (const Command& command : script.commands) {
    if (command.words.empty()) continue;
    // With an assignment in front the grammar takes `export` for an ordinary command.
    if (is_builtin_of_grammar(command.words[0].source) && command.assignments.empty()) {
      ours.builtins.push_back(command.words[0].begin);
      continue;
    }
    for (const Word& word : command.words) {
      if (!is_lone_dash(text, word.begin)) ours.words.push_back(word.begin);
    }
  }
  std::vector<size_t> theirs = outline->words;
  std::erase_if(theirs, [&](size_t begin) { return is_lone_dash(text, begin); });
  std::ranges::sort(ours.words);
  std::ranges::sort(ours.builtins);
  return ours.words == theirs && ours.builtins == outline->builtins;
}

}  // namespace

Script parse_shell(std::string_view text) {
  Script script = ShellParser(text).run();
  if (!script.understood) return script;
  if (text.size() > kMaxUnderstoodBytes) {
    script.understood = false;
    script.problem = "it is longer than 10,000 bytes";
  } else if (!grammar_agrees(script, text)) {
    script.understood = false;
    script.problem = "it can be read in more than one way";
  }
  return script;
}

}  // namespace awl::permission
