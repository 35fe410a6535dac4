#include "tools/bash_command.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/strings.h"

namespace awl::tools {

namespace {

constexpr std::string_view kSpaces = " \t\r\n";

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Walks over a command and cuts it where one simple command ends: ; | & and new lines outside quotes and
// brackets.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<std::string_view> split() {
    for (; at_ < text_.size(); ++at_) step();
    cut(text_.size());
    return std::move(pieces_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '\\') {
      ++at_;
    } else if (c == '\'' || c == '"') {
      skip_quoted(c);
    } else if (c == '#' && (at_ == 0 || kSpaces.contains(text_[at_ - 1]))) {
      cut(at_);
      at_ = std::min(text_.find('\n', at_), text_.size());
      begin_ = std::min(at_ + 1, text_.size());
    } else if (c == '(' && at_ > 0 && kSubstitution.contains(text_[at_ - 1])) {
      ++depth_;
    } else if (c == ')' && depth_ > 0) {
      --depth_;
    } else if (depth_ == 0 && is_separator()) {
      cut(at_);
      begin_ = at_ + 1;
    }
  }

  void skip_quoted(char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\' && quote == '"') ++at_;
    }
  }

  bool is_separator() const {
    const char c = text_[at_];
    if (c != '&') return c == ';' || c == '|' || c == '\n';
    // Not in 2>&1, <&3 or &>file.
    const bool redirects = (at_ > 0 && (text_[at_ - 1] == '>' || text_[at_ - 1] == '<')) ||
                           (at_ + 1 < text_.size() && text_[at_ + 1] == '>');
    return !redirects;
  }

  void cut(size_t end) {
    if (end <= begin_) return;
    const std::string_view piece = trim(text_.substr(begin_, end - begin_));
    if (!piece.empty()) pieces_.push_back(piece);
  }

  static constexpr std::string_view kSubstitution = "$<>(";
  std::string_view text_;
  size_t at_ = 0;
  size_t begin_ = 0;
  int depth_ = 0;
  std::vector<std::string_view> pieces_;
};

bool is_assignment(std::string_view word) {
  const size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals),
                     [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
}

std::string_view base_name(std::string_view word) {
  while (!word.empty() && std::string_view("(\\'\"").contains(word.front())) word.remove_prefix(1);
  while (!word.empty() && std::string_view(")'\"").contains(word.back())) word.remove_suffix(1);
  const size_t slash = word.rfind('/');
  return slash == std::string_view::npos ? word : word.substr(slash + 1);
}

// The words of one simple command, from its program on.
std::vector<std::string_view> words_of(std::string_view piece) {
  std::vector<std::string_view> words;
  while (true) {
    const size_t begin = piece.find_first_not_of(kSpaces);
    if (begin == std::string_view::npos) return words;
    piece.remove_prefix(begin);
    const std::string_view word = piece.substr(0, piece.find_first_of(kSpaces));
    piece.remove_prefix(word.size());
    const bool before_program = is_assignment(word) || is_one_of(word, {"(", "{", "!"});
    if (!words.empty() || !before_program) words.push_back(word);
  }
}

std::string_view git_subcommand(const std::vector<std::string_view>& words) {
  for (size_t i = 1; i < words.size(); ++i) {
    if (is_one_of(words[i], {"-C", "-c", "--git-dir", "--work-tree"})) {
      ++i;
    } else if (!words[i].starts_with('-')) {
      return base_name(words[i]);
    }
  }
  return {};
}

bool has_word(std::string_view command, std::initializer_list<std::string_view> names) {
  constexpr std::string_view kBreaks = " \t\r\n;|&()<>`'\"${}=,";
  while (true) {
    const size_t begin = command.find_first_not_of(kBreaks);
    if (begin == std::string_view::npos) return false;
    command.remove_prefix(begin);
    const std::string_view word = command.substr(0, command.find_first_of(kBreaks));
    if (is_one_of(base_name(word), names)) return true;
    command.remove_prefix(word.size());
  }
}

}  // namespace

std::string_view meaning_of_exit_one(std::string_view command) {
  const auto pieces = Splitter(command).split();
  if (pieces.empty()) return {};
  const auto words = words_of(pieces.back());
  if (words.empty()) return {};
  std::string_view name = base_name(words.front());
  if (name == "git") name = git_subcommand(words);
  const bool is_git = base_name(words.front()) == "git";
  if (is_git && !is_one_of(name, {"diff", "grep"})) return {};
  if (is_one_of(name, {"grep", "rg", "egrep", "fgrep"})) return "no match";
  if (name == "diff") return "there are differences";
  if (name == "find") return "some folders could not be read";
  if (is_one_of(name, {"test", "["})) return "the condition is false";
  return {};
}

bool may_continue_in_background(std::string_view command) {
  const auto pieces = Splitter(command).split();
  if (pieces.empty()) return false;
  const auto words = words_of(pieces.front());
  if (!words.empty() && base_name(words.front()) == "sleep") return false;
  return !has_word(command, {"git"});
}

bool changes_folder(std::string_view command) { return has_word(command, {"cd", "pushd", "popd", "chdir"}); }

bool is_silent_by_nature(std::string_view command) {
  const auto pieces = Splitter(command).split();
  if (pieces.size() != 1) return false;
  const auto words = words_of(pieces.front());
  return !words.empty() &&
         is_one_of(base_name(words.front()), {"cd", "chmod", "chown", "cp", "export", "ln", "mkdir", "mv",
                                              "rm", "rmdir", "touch", "true", "unset"});
}

bool reopens_output(std::string_view command) {
  return command.contains("/dev/std") || command.contains("/dev/fd/") || command.contains("/proc/self/fd/");
}

}  // namespace awl::tools
