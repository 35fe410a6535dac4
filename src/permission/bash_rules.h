// Bash rules against the commands of a script.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "permission/policy.h"
#include "permission/shell_parse.h"

namespace awl::permission {

/// `*` stands for any text; ` *` at the end also for none, but then the word must end there; `:*` at the end
/// is the same.
bool matches_command_pattern(std::string_view pattern, std::string_view text);

/// The words with one space between them; a word that would not read as one word is put in single quotes.
std::string join_words(std::span<const Word> words);

/// True when an allow rule covers this command. Assignments in front must be harmless ones (NODE_ENV=test),
/// and the program must be known.
bool bash_rule_allows(const Rule& rule, const Command& command);

enum class Match { kNo, kPerhaps, kYes };

/// What deny and ask rules are held against: the commands of a script, and all that these run in turn.
struct ShellSubjects {
  std::string text;         ///< the whole command
  bool understood = false;  ///< nothing is left that may hide a command
  std::vector<std::vector<Word>> invocations;
};
ShellSubjects list_subjects(const Script& script, std::string_view text);

/// Whether any part of the command is what a deny or ask rule names. kPerhaps: an unknown program gets it as
/// its argument, or it may come out of an expansion.
Match bash_rule_restricts(const Rule& rule, const ShellSubjects& subjects);

}  // namespace awl::permission
