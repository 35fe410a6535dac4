#include "hooks/startup_check.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/strings.h"
#include "os/path.h"

namespace awl::hooks {

namespace {

// The first word as the shell will see it; nullopt when that depends on more than we know. `closed`: whether
// all quotes of the command end.
std::optional<std::string> first_word(const HookHandler& handler, const os::Path& project_dir, bool& closed) {
  closed = true;
  constexpr std::string_view kProject = "CLAUDE_PROJECT_DIR";
  if (handler.args) {
    std::string word = replace_all(handler.command, "${CLAUDE_PROJECT_DIR}", project_dir.string());
    return word.contains('$') ? std::nullopt : std::optional(word);
  }
  const std::string_view command = trim(handler.command);
  std::string word;
  bool in_word = true;
  bool known = true;
  char quote = 0;
  for (size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (quote == '\'' && c != '\'') {
      if (in_word) word += c;
    } else if (c == '\\' && quote != '\'') {
      if (++i < command.size() && in_word) word += command[i];
      if (i >= command.size()) closed = false;
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (quote == 0 && c == '#' && (i == 0 || command[i - 1] == ' ' || command[i - 1] == '\n')) {
      break;  // a comment
    } else if (quote == 0 && c == '<' && command.substr(i).starts_with("<<")) {
      break;  // what follows is text
    } else if (in_word && c == '$') {
      const bool braced = command.substr(i + 1).starts_with("{");
      const std::string_view rest = command.substr(i + (braced ? 2 : 1));
      if (rest.starts_with(kProject)) {
        word += project_dir.string();
        i += kProject.size() + (braced ? 2 : 0);
      } else {
        known = false;
      }
    } else if (in_word && quote == 0 && std::string_view(" \t\n;&|()<>`").contains(c)) {
      in_word = false;
      if (c == '(' || c == '`') known = false;
    } else if (in_word) {
      word += c;
    }
  }
  closed = closed && quote == 0;
  if (!known || word.empty() || word.contains('=')) return std::nullopt;
  return word;
}

std::optional<std::string> find_fault(const std::string& word, const Environment& environment,
                                      const os::Path& project_dir, const os::Path& home) {
  if (word.contains('/')) {
    const os::Path path = os::absolute_path(word, project_dir, home);
    if (!os::path_exists(path)) return fmt::format("{} does not exist", path.string());
    if (os::is_folder(path)) return fmt::format("{} is a folder", path.string());
    if (::access(path.c_str(), X_OK) != 0)
      return fmt::format("{} may not be run: it has no run bit (chmod +x)", path.string());
    return std::nullopt;
  }
  for (const std::string_view folder : split(environment.get("PATH"), ':')) {
    if (::access((os::Path(folder.empty() ? "." : folder) / word).c_str(), X_OK) == 0) return std::nullopt;
  }
  return fmt::format("there is no program {} in PATH", word);
}

// What a shell knows by itself.
bool is_builtin(std::string_view word) {
  constexpr std::string_view kWords =
      " . : [ alias bg break case cd command continue echo eval exec exit export false fg for getopts hash "
      "if "
      "jobs kill let local printf pwd read readonly return set shift source test times trap true type ulimit "
      "umask unalias unset until wait while { ! function declare typeset [[ ";
  return kWords.contains(fmt::format(" {} ", word));
}

}  // namespace

std::vector<std::string> find_broken_hooks(const HookTable& table, const Environment& environment,
                                           const os::Path& project_dir, const os::Path& home) {
  std::vector<std::string> sentences;
  for (const HookHandler* handler : table.all()) {
    if (handler->type != HookHandler::Type::kCommand) continue;
    bool closed = true;
    const auto word = first_word(*handler, project_dir, closed);
    std::optional<std::string> fault;
    if (!closed) fault = "a quote in it does not end";
    if (closed && word && (handler->args || !is_builtin(*word)))
      fault = find_fault(*word, environment, project_dir, home);
    if (fault)
      sentences.push_back(
          fmt::format("{}: the hook `{}` cannot run: {}", handler->source, handler->label, *fault));
  }
  return sentences;
}

}  // namespace awl::hooks
