// A shell command as bash will see it: the simple commands it may run, with quotes and escapes removed.
//
// Two parsers that share no code must agree before a command counts as understood: our own, which follows
// bash's lexical rules to the byte and knows only constructs whose effect it can tell, and the tree-sitter
// grammar.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace awl::permission {

/// Longer commands are still taken apart (for deny rules), but never count as understood.
constexpr size_t kMaxUnderstoodBytes = 10'000;

struct Word {
  std::string text;        ///< quotes and escapes removed; expansions stay as they are written
  std::string source;      ///< as written
  std::string pattern;     ///< as for glob(3): quoted characters are escaped. Only when `glob`
  size_t begin = 0;        ///< offset in the command
  bool expands = false;    ///< holds a `$` expansion or a substitution: its value is not known
  bool splits = false;     ///< ... outside quotes: it may become several words, or none
  bool glob = false;       ///< holds an unquoted * ? or [
  bool brace = false;      ///< holds a brace expansion
  bool tilde = false;      ///< starts with an unquoted ~ or ~/, the home folder
  bool odd_tilde = false;  ///< holds another tilde that bash may expand (~user, ~+, a=~)
  bool quoted = false;     ///< holds a quote or an escape

  /// One word, whose value is `text` (with the home folder for the tilde, when `tilde`).
  bool is_literal() const { return !expands && !glob && !brace && !odd_tilde; }
  /// Known but for its glob characters.
  bool is_known_glob() const { return glob && !expands && !brace && !odd_tilde; }
};

struct Redirection {
  enum class Kind {
    kRead,       ///< < file
    kWrite,      ///< > >> >| <> &> file
    kDuplicate,  ///< 2>&1, >&-
    kText,       ///< here-documents and here-strings
  };
  Kind kind = Kind::kRead;
  Word target;
};

struct Assignment {
  std::string name;
  Word value;  ///< the whole word, NAME=value
};

/// One simple command. `words` may be empty: only assignments, or the redirections of a compound command.
/// A `[[ ... ]]` is a command whose first word is `[[`.
struct Command {
  std::vector<Assignment> assignments;
  std::vector<Word> words;
  std::vector<Redirection> redirections;
};

struct Script {
  bool understood = false;
  std::string problem;  ///< why it is not understood, for the person
  std::vector<Command>
      commands;  ///< in the order of the text, those of substitutions before the command they are in
  std::vector<std::string> loop_variables;
};

/// Never fails: when something is not understood, `commands` holds what was found before it.
/// Linear in the length of the text.
Script parse_shell(std::string_view text);

}  // namespace awl::permission
