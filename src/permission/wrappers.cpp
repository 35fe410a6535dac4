#include "permission/wrappers.h"

#include <algorithm>
#include <array>
#include <optional>

#include "permission/read_only_commands.h"
#include "permission/shell_parser.h"

namespace awl::permission {
namespace {

constexpr int kMaxWrapperNesting = 4;

struct Wrapper {
  std::string_view name;
  std::string_view flags_with_value;  ///< short ones, by letter
  int operands = 0;                   ///< before the command
};

constexpr std::array<Wrapper, 28> kWrappers = {{
    {"sudo", "ugpChRDrtT"}, {"doas", "uC"},    {"env", "uCS"},     {"timeout", "ks", 1},
    {"time", "fo"},         {"nice", "n"},     {"nohup", ""},      {"stdbuf", "ioe"},
    {"command", ""},        {"builtin", ""},   {"exec", "a"},      {"xargs", "adEeIiLlnPsR"},
    {"noglob", ""},         {"setsid", ""},    {"ionice", "cnp"},  {"chrt", "", 1},
    {"taskset", "", 1},     {"watch", "n"},    {"flock", "wE", 1}, {"strace", "eopsuEP"},
    {"ltrace", "eopsu"},    {"chroot", "", 1}, {"unshare", ""},    {"busybox", ""},
    {"nsenter", "t"},       {"parallel", "j"}, {"proot", "r"},     {"fakeroot", ""},
}};
constexpr std::array<std::string_view, 7> kShells = {"sh", "bash", "dash", "zsh", "ksh", "ash", "rbash"};
constexpr std::array<std::string_view, 6> kExactOnly = {"watch", "setsid", "ionice",
                                                        "flock", "chrt",   "taskset"};
constexpr std::array<std::string_view, 10> kFindActions = {"-exec",   "-execdir",    "-ok",      "-okdir",
                                                           "-delete", "-fprint",     "-fprint0", "-fprintf",
                                                           "-fls",    "-files0-from"};

bool is_find_action(std::string_view text) {
  return std::ranges::find(kFindActions, text) != kFindActions.end();
}

bool is_assignment(std::string_view text) {
  const size_t equals = text.find('=');
  return equals != std::string_view::npos && equals > 0 && text[0] != '-' && text.find('/') > equals;
}

std::span<const Word> skip_wrapper(const Wrapper& wrapper, std::span<const Word> words) {
  size_t i = 1;
  for (; i < words.size(); ++i) {
    const std::string_view text = words[i].text;
    if (text == "--") {
      ++i;
      break;
    }
    if (is_assignment(text)) continue;
    if (text.size() < 2 || text[0] != '-') break;
    const bool is_short = text[1] != '-';
    if (is_short && text.size() == 2 && wrapper.flags_with_value.contains(text[1])) ++i;
  }
  i += static_cast<size_t>(wrapper.operands);
  while (i < words.size() && is_assignment(words[i].text)) ++i;
  return i < words.size() ? words.subspan(i) : std::span<const Word>();
}

void collect(std::span<const Word> words, int nesting, Invocations& into);

/// `is_certain`: the text is given to a shell as it is.
void collect_text(std::string_view text, bool is_certain, int nesting, Invocations& into) {
  const Script script = ShellParser(text).run();
  if (is_certain && !script.understood) into.understood = false;
  for (const Command& command : script.commands) collect(command.words, nesting + 1, into);
}

void collect_shell(std::span<const Word> words, int nesting, Invocations& into) {
  for (size_t i = 1; i + 1 < words.size(); ++i) {
    const std::string_view text = words[i].text;
    if (text.size() >= 2 && text[0] == '-' && text[1] != '-' && text.contains('c')) {
      collect_text(words[i + 1].text, true, nesting, into);
      return;
    }
  }
  // What it runs comes from its standard input, or out of an expansion.
  const auto script = std::ranges::find_if(
      words.subspan(1), [](const Word& word) { return word.text.empty() || word.text[0] != '-'; });
  if (script == words.end() || !script->is_literal()) into.understood = false;
}

void collect(std::span<const Word> words, int nesting, Invocations& into) {
  if (words.empty()) return;
  if (nesting > kMaxWrapperNesting) {
    into.understood = false;
    return;
  }
  into.all.emplace_back(words.begin(), words.end());
  const std::string_view name = base_name(words[0].text);
  for (const Wrapper& wrapper : kWrappers) {
    if (wrapper.name == name) collect(skip_wrapper(wrapper, words), nesting + 1, into);
  }
  if (std::ranges::find(kShells, name) != kShells.end()) collect_shell(words, nesting, into);
  if ((name == "source" || name == ".") && words.size() > 1 && !words[1].is_literal())
    into.understood = false;
  if (name == "su" || name == "script" || name == "runuser") collect_shell(words, nesting, into);
  if (name == "eval" || name == "watch" || name == "env" || name == "trap" || name == "parallel") {
    std::string joined;
    for (const Word& word : words.subspan(1)) {
      if (name != "eval" && word.text.starts_with('-') && !word.text.contains(' ')) continue;
      joined += word.text + " ";
    }
    if (name == "eval" || joined.contains(' ')) collect_text(joined, name == "eval", nesting, into);
  }
  if (name == "find" || name == "fd" || name == "fdfind") {
    for (size_t i = 1; i + 1 < words.size(); ++i) {
      const std::string_view text = words[i].text;
      const bool runs = text == "-exec" || text == "-execdir" || text == "-ok" || text == "-okdir" ||
                        text == "-x" || text == "-X" || text == "--exec" || text == "--exec-batch";
      if (runs) collect(words.subspan(i + 1), nesting + 1, into);
    }
  }
}

/// The index of the wrapped command, when each flag of the wrapper is known; nullopt else.
std::optional<size_t> find_wrapped(std::span<const Word> words) {
  const std::string_view name = words[0].text;
  if (name == "nohup" || name == "noglob" || name == "builtin") return 1;
  if (name == "command" || name == "xargs") {
    if (words.size() > 1 && !words[1].text.starts_with('-')) return 1;
    return std::nullopt;
  }
  size_t i = 1;
  if (name == "time") {
    if (words.size() > 1 && words[1].text == "-p") ++i;
    return i;
  }
  if (name == "nice") {
    if (words.size() > 2 && words[1].text == "-n") return 3;
    if (words.size() > 1 && words[1].text.starts_with("-")) {
      const std::string_view digits = std::string_view(words[1].text).substr(1);
      if (digits.empty() || digits.find_first_not_of("n0123456789") != std::string_view::npos)
        return std::nullopt;
      return 2;
    }
    return 1;
  }
  if (name == "stdbuf") {
    while (i < words.size() && words[i].text.size() > 2 && words[i].text[0] == '-' &&
           std::string_view("ioe").contains(words[i].text[1])) {
      ++i;
    }
    return i > 1 ? std::optional(i) : std::nullopt;
  }
  if (name == "timeout") {
    while (i < words.size() && words[i].text.starts_with('-')) {
      const std::string_view flag = words[i].text;
      const bool alone = flag == "--foreground" || flag == "--preserve-status" || flag == "-v" ||
                         flag == "--verbose" || flag.starts_with("--signal=") ||
                         flag.starts_with("--kill-after=");
      if (!alone && flag != "-s" && flag != "-k") return std::nullopt;
      i += alone ? 1 : 2;
    }
    const bool duration =
        i < words.size() && !words[i].text.empty() && words[i].text[0] >= '0' && words[i].text[0] <= '9';
    return duration ? std::optional(i + 1) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::string_view base_name(std::string_view program) {
  const size_t slash = program.find_last_of('/');
  return slash == std::string_view::npos ? program : program.substr(slash + 1);
}

bool is_interpreter(std::string_view program) {
  static constexpr std::array<std::string_view, 12> kInterpreters = {
      "python", "python3", "perl", "ruby", "node", "nodejs", "php", "lua", "awk", "gawk", "tclsh", "deno"};
  return std::ranges::find(kInterpreters, base_name(program)) != kInterpreters.end();
}

std::span<const Word> strip_wrappers(std::span<const Word> words) {
  while (words.size() > 1) {
    const std::optional<size_t> index = find_wrapped(words);
    if (!index || *index >= words.size()) return words;
    const auto wrapper = words.first(*index);
    const bool known =
        std::ranges::all_of(wrapper, [](const Word& word) { return word.is_literal() && !word.tilde; });
    if (!known || words[*index].text.starts_with('-')) return words;
    words = words.subspan(*index);
  }
  return words;
}

void add_invocations(std::span<const Word> words, Invocations& into) { collect(words, 0, into); }

bool needs_exact_rule(std::span<const Word> words) {
  if (words.empty()) return false;
  const std::string_view name = base_name(words[0].text);
  if (std::ranges::find(kExactOnly, name) != kExactOnly.end()) return true;
  return name == "find" &&
         std::ranges::any_of(words, [](const Word& word) { return is_find_action(word.text); });
}

bool is_known_not_to_run_arguments(std::span<const Word> words) {
  if (words.empty()) return true;
  const std::string_view name = base_name(words[0].text);
  if (name == "git") {
    return std::ranges::none_of(words, [](const Word& word) {
      return word.text == "bisect" || word.text == "submodule" || word.text == "rebase" ||
             word.text == "filter-branch" || word.text == "difftool" || word.text == "mergetool" ||
             word.text == "-c" || word.text == "-x";
    });
  }
  if (name == "docker") return false;
  if (name == "find") return true;  // its commands are among the invocations
  static constexpr std::array<std::string_view, 22> kHarmless = {
      "cp",  "mv",   "ln",  "rm",  "rmdir", "mkdir", "touch", "chmod",   "chown",  "tee",   "curl",
      "man", "help", "apt", "pip", "wget",  "kill",  "pkill", "killall", "export", "unset", "read"};
  return find_read_only_program(name) != nullptr || std::ranges::find(kHarmless, name) != kHarmless.end();
}

}  // namespace awl::permission
