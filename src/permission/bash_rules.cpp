#include "permission/bash_rules.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/strings.h"
#include "permission/wrappers.h"

namespace awl::permission {
namespace {

// They change how a program talks, not what it runs.
constexpr std::array<std::string_view, 30> kHarmlessVariables = {"NODE_ENV",
                                                                 "LANG",
                                                                 "LANGUAGE",
                                                                 "LC_ALL",
                                                                 "LC_CTYPE",
                                                                 "LC_COLLATE",
                                                                 "LC_MESSAGES",
                                                                 "TZ",
                                                                 "NO_COLOR",
                                                                 "FORCE_COLOR",
                                                                 "CLICOLOR",
                                                                 "COLUMNS",
                                                                 "LINES",
                                                                 "TERM",
                                                                 "CI",
                                                                 "GOOS",
                                                                 "GOARCH",
                                                                 "CGO_ENABLED",
                                                                 "GO111MODULE",
                                                                 "RUST_BACKTRACE",
                                                                 "RUST_LOG",
                                                                 "PYTHONUNBUFFERED",
                                                                 "PYTHONDONTWRITEBYTECODE",
                                                                 "RAILS_ENV",
                                                                 "RACK_ENV",
                                                                 "DEBUG",
                                                                 "VERBOSE",
                                                                 "CARGO_TERM_COLOR",
                                                                 "GTEST_COLOR",
                                                                 "DJANGO_DEBUG"};

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_.+-").contains(c) || static_cast<unsigned char>(c) >= 0x80;
}

bool reads_as_one_word(std::string_view text) {
  return !text.empty() && text.find_first_of(" \t\n'\"\\;&|<>()") == std::string_view::npos;
}

std::string join_plain(std::span<const Word> words, bool sources) {
  std::string joined;
  for (const Word& word : words) {
    if (!joined.empty()) joined += ' ';
    joined += sources ? word.source : word.text;
  }
  return joined;
}

std::string_view first_word(std::string_view pattern) {
  size_t end = 0;
  while (end < pattern.size() && pattern[end] != ' ' && pattern[end] != ':' && pattern[end] != '*') ++end;
  return pattern.substr(0, end);
}

bool holds_word(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || !is_word_char(text[at - 1])) && (end == text.size() || !is_word_char(text[end])))
      return true;
  }
  return false;
}

/// For text that was not taken apart: does the word occur, also with quotes and backslashes in it?
bool may_hold_word(std::string_view text, std::string_view word) {
  if (word.empty()) return true;
  if (holds_word(text, word)) return true;
  std::string bare;
  for (const char c : text) {
    if (!std::string_view("'\"\\").contains(c)) bare += c;
  }
  return holds_word(bare, word);
}

bool matches_words(std::string_view pattern, std::span<const Word> words) {
  if (matches_command_pattern(pattern, join_words(words)) ||
      matches_command_pattern(pattern, join_plain(words, false)) ||
      matches_command_pattern(pattern, join_plain(words, true))) {
    return true;
  }
  const std::string_view base = base_name(words[0].text);
  if (base == words[0].text) return false;
  const std::string rest = join_plain(words.subspan(1), false);
  return matches_command_pattern(pattern, rest.empty() ? std::string(base) : std::string(base) + " " + rest);
}

/// One deny or ask rule against one command after the other.
class Restriction {
 public:
  Restriction(std::string_view pattern, const ShellSubjects& subjects)
      : pattern_(pattern), named_(first_word(pattern)), subjects_(subjects) {}

  Match check(std::span<const Word> words) {
    if (matches_words(pattern_, words)) return Match::kYes;
    if (!words[0].is_literal()) return check_unknown_program(words);
    if (!named_.empty() && is_interpreter(words[0].text) &&
        std::ranges::any_of(words.subspan(1),
                            [this](const Word& word) { return may_hold_word(word.text, named_); }))
      return Match::kPerhaps;
    if (named_.empty() || is_known_not_to_run_arguments(words)) return Match::kNo;
    int tries = 0;
    for (size_t i = 1; i < words.size(); ++i) {
      // A whole command as one argument: --run 'rm x'.
      const std::string_view first = std::string_view(words[i].text).substr(0, words[i].text.find(' '));
      if (first.size() < words[i].text.size() && base_name(first) == named_) return Match::kPerhaps;
      if (base_name(words[i].text) != named_) continue;
      if (matches_words(pattern_, words.subspan(i)) || ++tries > kMaxTries) return Match::kPerhaps;
    }
    return Match::kNo;
  }

  /// For text that was not taken apart.
  Match check_text() {
    if (!in_text_) in_text_ = may_hold_word(subjects_.text, named_);
    if (!*in_text_) return Match::kNo;
    return named_.empty() ? Match::kPerhaps : Match::kYes;
  }

 private:
  static constexpr int kMaxTries = 50;

  /// The program is an expansion or a pattern: could it become what the rule names?
  Match check_unknown_program(std::span<const Word> words) {
    const Word& program = words[0];
    if (program.is_known_glob()) {
      const std::string base(base_name(program.pattern));
      return ::fnmatch(base.c_str(), std::string(named_).c_str(), 0) == 0 ? Match::kYes : check_text();
    }
    if (const Match match = check_text(); match != Match::kNo) return match;
    if (!named_.empty() && program.source.contains(named_)) return Match::kPerhaps;  // ${x:-rm}
    // `r${x}`: part of the name is hidden. A whole `$x` is left to the rule for what is not known.
    const bool partly = program.text[0] != '$' && program.text[0] != '`';
    return partly && program.text[0] == named_[0] ? Match::kPerhaps : Match::kNo;
  }

  std::string_view pattern_;
  std::string_view named_;
  const ShellSubjects& subjects_;
  std::optional<bool> in_text_;
};

}  // namespace

bool matches_command_pattern(std::string_view pattern, std::string_view text) {
  std::string rewritten;
  if (pattern.ends_with(":*")) {
    rewritten = std::string(pattern.substr(0, pattern.size() - 2)) + " *";
    pattern = rewritten;
  }
  if (pattern.ends_with(" *") && matches_wildcards(pattern.substr(0, pattern.size() - 2), text)) return true;
  return matches_wildcards(pattern, text);
}

std::string join_words(std::span<const Word> words) {
  std::string joined;
  for (const Word& word : words) {
    if (!joined.empty()) joined += ' ';
    if (word.expands) {
      joined += word.source;
    } else if (reads_as_one_word(word.text)) {
      joined += word.text;
    } else {
      joined += "'" + word.text + "'";
    }
  }
  return joined;
}

bool bash_rule_allows(const Rule& rule, const Command& command) {
  if (command.words.empty() || !command.words[0].is_literal()) return false;
  const std::string_view pattern = rule.specifier;
  const bool exact = !pattern.contains('*');
  const std::string written = join_plain(command.words, true);
  if (!command.assignments.empty()) {
    if (exact) {
      std::string whole;
      for (const Assignment& assignment : command.assignments) whole += assignment.value.source + " ";
      if (whole + written == pattern) return true;
    }
    for (const Assignment& assignment : command.assignments) {
      const bool harmless =
          std::ranges::find(kHarmlessVariables, assignment.name) != kHarmlessVariables.end();
      if (!harmless || !assignment.value.is_literal()) return false;
    }
  }
  if (exact && (written == pattern || join_words(command.words) == pattern)) return true;
  if (needs_exact_rule(command.words)) return false;
  const auto covers = [&](std::span<const Word> words) {
    return words[0].is_literal() && (matches_command_pattern(pattern, join_words(words)) ||
                                     matches_command_pattern(pattern, join_plain(words, true)));
  };
  if (covers(command.words)) return true;
  const std::span<const Word> inner = strip_wrappers(command.words);
  return inner.size() < command.words.size() && !needs_exact_rule(inner) && covers(inner);
}

ShellSubjects list_subjects(const Script& script, std::string_view text) {
  Invocations found;
  for (const Command& command : script.commands) add_invocations(command.words, found);
  return {std::string(text), script.understood && found.understood, std::move(found.all)};
}

Match bash_rule_restricts(const Rule& rule, const ShellSubjects& subjects) {
  Restriction restriction(rule.specifier, subjects);
  Match strongest = Match::kNo;
  for (const std::vector<Word>& words : subjects.invocations) {
    strongest = std::max(strongest, restriction.check(words));
    if (strongest == Match::kYes) return strongest;
  }
  return subjects.understood ? strongest : std::max(strongest, restriction.check_text());
}

}  // namespace awl::permission
