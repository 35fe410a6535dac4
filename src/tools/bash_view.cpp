#include "tools/bash_view.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/strings.h"
#include "permission/shell_parse.h"
#include "tools/file_rules.h"

namespace awl::tools {

namespace {

using permission::Word;

struct Viewer {
  std::string_view name;
  std::string_view with_value;  // short options that take a value
  std::string_view shows_less;  // short options with which no text of the file is shown
  bool pattern_first = false;   // the first operand is a pattern, unless -e or -f gives it
};

constexpr std::array kViewers = {
    Viewer{"cat", "", ""},
    Viewer{"nl", "bdfhilnsvw", ""},
    Viewer{"bat", "lrHm", "L"},
    Viewer{"batcat", "lrHm", "L"},
    Viewer{"head", "nc", ""},
    Viewer{"tail", "ncs", ""},
    Viewer{"grep", "efmABCdD", "qclL", true},
    Viewer{"egrep", "efmABCdD", "qclL", true},
    Viewer{"fgrep", "efmABCdD", "qclL", true},
    Viewer{"rg", "efmABCgtTjMErd", "qcl", true},
};
// Long options are known when they have their value with them, or are one of these.
constexpr std::array<std::string_view, 5> kLongFlags = {"--number", "--plain", "--line-number",
                                                        "--ignore-case", "--no-heading"};

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// sed -n with 5p, 5,9p or 5,$p alone: anything else may write.
std::optional<Word> operand_of_sed(std::span<const Word> words) {
  if (words.size() != 4 || words[1].text != "-n" || !words[2].text.ends_with('p')) return std::nullopt;
  const std::string_view range = std::string_view(words[2].text).substr(0, words[2].text.size() - 1);
  const size_t comma = range.find(',');
  const std::string_view last = comma == std::string_view::npos ? "$" : range.substr(comma + 1);
  if (!is_digits(range.substr(0, comma)) || !(last == "$" || is_digits(last))) return std::nullopt;
  if (words[3].text.starts_with('-')) return std::nullopt;
  return words[3];
}

class Operands {
 public:
  explicit Operands(const Viewer& viewer) : viewer_(viewer), pattern_wanted_(viewer.pattern_first) {}

  std::optional<Word> single(std::span<const Word> words) {
    bool only_operands = false;
    for (size_t i = 1; i < words.size(); ++i) {
      const std::string_view text = words[i].text;
      if (!only_operands && text == "--") {
        only_operands = true;
      } else if (only_operands || !text.starts_with('-')) {
        take_operand(words[i]);
      } else if (!take_option(text)) {
        return std::nullopt;
      } else if (value_follows_) {
        ++i;
      }
    }
    return found_.size() == 1 ? std::optional(found_.front()) : std::nullopt;
  }

 private:
  void take_operand(const Word& word) {
    if (std::exchange(pattern_wanted_, false)) return;
    found_.push_back(word);
  }

  // False when its effect is not known, or it hides the text.
  bool take_option(std::string_view text) {
    value_follows_ = false;
    if (text.starts_with("--")) {
      if (text.starts_with("--regexp=") || text.starts_with("--file=")) pattern_wanted_ = false;
      const bool has_value = text.contains('=');
      return has_value || std::ranges::find(kLongFlags, text) != kLongFlags.end();
    }
    text.remove_prefix(1);
    if (text.empty()) return false;  // standard input
    for (size_t i = 0; i < text.size(); ++i) {
      if (viewer_.shows_less.contains(text[i])) return false;
      if (!viewer_.with_value.contains(text[i])) continue;
      if (viewer_.pattern_first && (text[i] == 'e' || text[i] == 'f')) pattern_wanted_ = false;
      value_follows_ = i + 1 == text.size();
      break;
    }
    return true;
  }

  const Viewer& viewer_;
  bool pattern_wanted_;
  bool value_follows_ = false;
  std::vector<Word> found_;
};

// The one simple command that the whole of `text` is.
std::vector<Word> single_command(std::string_view text) {
  const permission::Script script = permission::parse_shell(text);
  if (!script.understood || script.commands.size() != 1) return {};
  const permission::Command& command = script.commands.front();
  if (command.words.empty() || !command.assignments.empty() || !command.redirections.empty()) return {};
  // Nothing stands around it: no &, no brackets, no negation.
  const Word& last = command.words.back();
  if (command.words.front().begin != 0 || last.begin + last.source.size() != text.size()) return {};
  if (!std::ranges::all_of(command.words, &Word::is_literal)) return {};
  return command.words;
}

}  // namespace

std::optional<std::string> shown_file(std::string_view command) {
  const std::string_view text = trim(command);
  const std::string_view program = text.substr(0, text.find_first_of(" \t"));
  const auto viewer = std::ranges::find(kViewers, program, &Viewer::name);
  if (viewer == kViewers.end() && program != "sed") return std::nullopt;
  const std::vector<Word> words = single_command(text);
  if (words.empty()) return std::nullopt;
  const auto operand = program == "sed" ? operand_of_sed(words) : Operands(*viewer).single(words);
  // A name that only looks like the home folder is not worth a rule of its own.
  if (!operand || (operand->text.starts_with('~') && !operand->tilde)) return std::nullopt;
  return operand->text;
}

std::optional<View> find_view(std::string_view command, const Session& session) {
  const auto file = shown_file(command);
  if (!file) return std::nullopt;
  const auto path = resolve_path(*file, session);
  if (!path) return std::nullopt;
  const auto info = os::stat(*path);
  if (!info || info->type != os::FileInfo::Type::kRegular) return std::nullopt;
  return View{*path, *info};
}

void remember_view(const View& view, Session& session) {
  const auto now = os::stat(view.path);
  if (!now || now->inode != view.info.inode || now->modified_ns != view.info.modified_ns ||
      now->size_bytes != view.info.size_bytes) {
    return;
  }
  const auto seen = session.seen_files.find(view.path);
  if (seen != session.seen_files.end() && !seen->second.partial && looks_unchanged(seen->second, *now))
    return;
  const auto bytes = now->size_bytes <= kLargeFile ? os::read_file(view.path, kLargeFile) : std::string();
  if (bytes) remember(session, view.path, *now, *bytes);
}

}  // namespace awl::tools
