#include "permission/read_only_special.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "permission/git_config.h"
#include "permission/read_only_commands.h"

namespace awl::permission {
namespace {

using Problem = std::optional<std::string>;

bool all_literal(std::span<const Word> words) {
  return std::ranges::all_of(words, [](const Word& word) { return word.is_literal(); });
}

Problem unknown_argument(std::string_view program) {
  return fmt::format("{} has an argument that is only known when it runs", program);
}

Problem check_find(std::span<const Word> words, const ShellPlace& place) {
  if (!all_literal(words)) return unknown_argument("find");
  bool in_tests = false;
  for (size_t i = 1; i < words.size(); ++i) {
    const std::string_view text = words[i].text;
    const bool is_test = text.starts_with('-') || text == "!" || text == "(" || text == ")";
    if (!is_test) {
      if (in_tests) return fmt::format("find with {} is not known to only read", text);
      if (auto problem = check_read_path(words[i], place)) return problem;
      continue;
    }
    const int values = find_test_values(text);
    if (values < 0) return fmt::format("find with {} is not known to only read", text);
    in_tests = in_tests || (text != "-H" && text != "-L" && text != "-P");
    const bool takes_path = text.starts_with("-newer") || text.ends_with("newer") || text == "-samefile";
    for (int value = 0; value < values && ++i < words.size(); ++value) {
      if (!takes_path) continue;
      if (auto problem = check_read_path(words[i], place)) return problem;
    }
  }
  return std::nullopt;
}

/// Subcommands that only read with some of their arguments.
bool is_git_listing(std::string_view subcommand, std::span<const Word> arguments) {
  static constexpr std::array<std::string_view, 17> kListFlags = {
      "-a",         "-r",         "-v",
      "-vv",        "-l",         "--list",
      "--all",      "--remotes",  "--show-current",
      "--verbose",  "-n",         "--column",
      "--no-color", "--merged",   "--no-merged",
      "--contains", "--points-at"};
  const auto is = [&](size_t i, std::string_view text) {
    return i < arguments.size() && arguments[i].text == text;
  };
  if (subcommand == "stash" || subcommand == "worktree")
    return is(0, "list") || (subcommand == "stash" && is(0, "show"));
  if (subcommand == "reflog") return arguments.empty() || is(0, "show") || arguments[0].text.starts_with('-');
  if (subcommand == "remote") {
    return arguments.empty() || (arguments.size() == 1 && (is(0, "-v") || is(0, "--verbose"))) ||
           (arguments.size() == 2 && is(0, "get-url"));
  }
  if (subcommand == "config") {
    const bool reads = is(0, "--get") || is(0, "--get-all") || is(0, "--list") || is(0, "-l") ||
                       is(0, "get") || is(0, "list");
    return reads && std::ranges::none_of(arguments.subspan(1),
                                         [](const Word& word) { return word.text.starts_with('-'); });
  }
  if (subcommand != "branch" && subcommand != "tag") return false;
  bool lists = arguments.empty();
  bool has_operand = false;
  for (const Word& word : arguments) {
    const std::string_view text = word.text;
    if (!text.starts_with('-')) {
      has_operand = true;
      continue;
    }
    if (text.starts_with("--sort=") || text.starts_with("--format=")) continue;
    if (std::ranges::find(kListFlags, text) == kListFlags.end()) return false;
    const bool mode = text == "-l" || text == "--list" || text.ends_with("merged") || text == "--contains" ||
                      text == "--points-at";
    lists = lists || mode;
  }
  return lists || !has_operand;
}

Problem check_git(std::span<const Word> words, const ShellPlace& place) {
  // Another folder may have hooks and a configuration of its own, which git runs.
  if (place.changed_folder || place.unknown_folder)
    return "git in another folder may run what is configured there";
  if (!all_literal(words)) return unknown_argument("git");
  size_t i = 1;
  while (i < words.size() &&
         (words[i].text == "--no-pager" || words[i].text == "-P" || words[i].text == "--no-optional-locks"))
    ++i;
  if (i >= words.size()) return std::nullopt;
  const std::string_view subcommand = words[i].text;
  if (subcommand == "--version" || subcommand == "version") return std::nullopt;
  const std::span<const Word> arguments = words.subspan(i + 1);
  if (!is_git_reader(subcommand) && !is_git_listing(subcommand, arguments)) {
    return fmt::format("git {} is not known to only read", subcommand);
  }
  for (const Word& word : arguments) {
    if (word.text.starts_with('-')) {
      if (is_git_flag_dangerous(subcommand, word.text))
        return fmt::format("git with {} is not known to only read", word.text);
      const size_t slash = word.text.find('/');
      // -O<file>, -S<file>, -X<file>: a path of another folder.
      if (word.text.size() > 2 && word.text[1] != '-' && slash != std::string::npos) {
        return fmt::format("git with {} is not known to only read", word.text);
      }
    } else if (auto problem = check_read_path(word, place)) {
      return problem;
    }
  }
  if (const auto key = find_program_key(place.situation->cwd)) {
    return fmt::format("git may run a program: the repository's configuration has {}", *key);
  }
  return std::nullopt;
}

Problem check_sed(std::span<const Word> words, const ShellPlace& place) {
  if (!all_literal(words)) return unknown_argument("sed");
  bool script_given = false;
  std::vector<const Word*> operands;
  for (size_t i = 1; i < words.size(); ++i) {
    const std::string_view text = words[i].text;
    if (text == "-e" || text == "-ne" || text == "-nEe" || text == "--expression") {
      if (++i >= words.size() || !is_harmless_sed_script(words[i].text))
        return "the sed script may write or run something";
      script_given = true;
    } else if (text.size() > 1 && text[0] == '-') {
      const bool group = text[1] != '-' && text.find_first_not_of("nErsuz", 1) == std::string_view::npos;
      if (!group && text != "--quiet" && text != "--silent" && text != "--regexp-extended") {
        return fmt::format("sed with {} is not known to only read", text);
      }
    } else {
      operands.push_back(&words[i]);
    }
  }
  size_t first = 0;
  if (!script_given) {
    if (operands.empty() || !is_harmless_sed_script(operands[0]->text))
      return "the sed script may write or run something";
    first = 1;
  }
  for (size_t i = first; i < operands.size(); ++i) {
    if (auto problem = check_read_path(*operands[i], place)) return problem;
  }
  return std::nullopt;
}

/// -F and -v, a script that neither writes nor runs nor chooses files itself, then files.
Problem check_awk(std::span<const Word> words, const ShellPlace& place) {
  static constexpr std::array<std::string_view, 8> kReachOut = {"system", "getline", "ENVIRON", "ARGV",
                                                                "|",      ">",       "@",       "PROCINFO"};
  if (!all_literal(words)) return unknown_argument(words[0].text);
  size_t i = 1;
  while (i < words.size() && words[i].text.starts_with('-')) {
    const std::string_view flag = words[i].text;
    if (flag == "-F" || flag == "-v") {
      i += 2;
    } else if (flag.starts_with("-F")) {
      ++i;
    } else {
      return fmt::format("awk with {} is not known to only read", flag);
    }
  }
  if (i >= words.size()) return "awk has no script";
  const std::string_view script = words[i].text;
  if (std::ranges::any_of(kReachOut, [script](std::string_view part) { return script.contains(part); }))
    return "the awk script may write or run something";
  for (++i; i < words.size(); ++i) {
    if (auto problem = check_read_path(words[i], place)) return problem;
  }
  return std::nullopt;
}

bool is_number(const Word& word) {
  return word.is_literal() && word.text.find_first_not_of("-0123456789") == std::string::npos;
}

bool is_binary_operator(const Word& word) {
  static constexpr std::array<std::string_view, 14> kOperators = {
      "=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"};
  return word.is_literal() && std::ranges::find(kOperators, word.text) != kOperators.end();
}

/// [[ ... ]]: -v and the comparisons of numbers evaluate their operands, subscripts with substitutions
/// included.
Problem check_condition(std::span<const Word> words, const ShellPlace&) {
  for (size_t i = 1; i < words.size(); ++i) {
    const Word& word = words[i];
    if (word.text == "-v" || word.text == "-R") return "a subscript may be evaluated";
    const bool compares_files = word.text == "-nt" || word.text == "-ot" || word.text == "-ef";
    if (!word.text.starts_with('-') || !is_binary_operator(word) || compares_files) continue;
    if (!is_number(words[i - 1]) || i + 1 >= words.size() || !is_number(words[i + 1])) {
      return "a number in [[ ... ]] may hold more than digits";
    }
  }
  return std::nullopt;
}

/// test and [: -v evaluates a subscript, so no word that is not known may end up as an operator.
Problem check_test(std::span<const Word> words, const ShellPlace&) {
  const size_t end = words.size() - (words[0].text == "[" ? 1 : 0);
  for (size_t i = 1; i < end; ++i) {
    const Word& word = words[i];
    if (word.text == "-v" || word.text == "-R") return "a subscript may be evaluated";
    if (word.is_literal()) continue;
    if (word.splits || !word.expands) return "an argument of the test may become several";
    const Word& before = words[i - 1];
    const bool after_operator = i > 1 && before.is_literal() && before.text != "-a" && before.text != "-o" &&
                                (before.text.starts_with('-') || is_binary_operator(before));
    const bool before_operator = i + 1 < end && is_binary_operator(words[i + 1]);
    if (!after_operator && !before_operator && end != 2) return "an argument of the test may be an operator";
  }
  return std::nullopt;
}

Problem check_printf(std::span<const Word> words, const ShellPlace&) {
  if (words.size() < 2) return std::nullopt;
  if (!words[1].is_literal()) return unknown_argument("printf");
  if (words[1].text.starts_with("-v")) return "printf -v sets a variable";
  return std::nullopt;
}

Problem check_cd(std::span<const Word> words, const ShellPlace& place) {
  if (place.unknown_folder) return "cd leads to a folder that is only known when it runs";
  for (const Word& word : words.subspan(1)) {
    if (word.text == "-L" || word.text == "-P" || word.text == "--") continue;
    if (word.text.starts_with('-')) return "cd leads to a folder that is only known when it runs";
    if (auto problem = check_read_path(word, place)) return problem;
  }
  return std::nullopt;
}

Problem check_docker(std::span<const Word> words, const ShellPlace&) {
  if (!all_literal(words) || words.size() < 2) return unknown_argument("docker");
  const std::string_view subcommand = words[1].text;
  if (subcommand != "ps" && subcommand != "images" && subcommand != "version") {
    return fmt::format("docker {} is not known to only read", subcommand);
  }
  for (const Word& word : words.subspan(2)) {
    const bool known = word.text == "-a" || word.text == "--all" || word.text == "-q" ||
                       word.text == "--quiet" || word.text == "--no-trunc";
    if (!known) return fmt::format("docker with {} is not known to only read", word.text);
  }
  return std::nullopt;
}

Problem check_command(std::span<const Word> words, const ShellPlace&) {
  if (words.size() > 2 && (words[1].text == "-v" || words[1].text == "-V")) return std::nullopt;
  return "command runs its argument";
}

struct Special {
  std::string_view name;
  SpecialCheck check;
};
constexpr std::array<Special, 12> kSpecial = {{{"find", check_find},
                                               {"awk", check_awk},
                                               {"gawk", check_awk},
                                               {"git", check_git},
                                               {"sed", check_sed},
                                               {"test", check_test},
                                               {"[", check_test},
                                               {"[[", check_condition},
                                               {"printf", check_printf},
                                               {"cd", check_cd},
                                               {"docker", check_docker},
                                               {"command", check_command}}};

}  // namespace

SpecialCheck find_special_check(std::string_view program) {
  const auto* found = std::ranges::find(kSpecial, program, &Special::name);
  return found == kSpecial.end() ? nullptr : found->check;
}

bool asks_for_version(std::span<const Word> words) {
  static constexpr std::array<std::string_view, 40> kTools = {
      "node",    "npm",   "npx",    "yarn",  "pnpm",   "bun",     "deno",      "tsc", "python",   "python3",
      "pip",     "pip3",  "uv",     "ruby",  "gem",    "bundle",  "perl",      "php", "composer", "java",
      "javac",   "mvn",   "gradle", "go",    "cargo",  "rustc",   "rustup",    "gcc", "g++",      "clang",
      "clang++", "cmake", "make",   "ninja", "docker", "kubectl", "terraform", "aws", "gh",       "psql"};
  if (words.size() != 2 || !words[0].is_literal() || !words[1].is_literal()) return false;
  const std::string_view what = words[1].text;
  const bool version = what == "--version" || what == "-V" || what == "-version" ||
                       (what == "version" && (words[0].text == "go" || words[0].text == "terraform"));
  return version && std::ranges::find(kTools, words[0].text) != kTools.end();
}

bool is_harmless_sed_script(std::string_view script) {
  if (script.contains('\n')) return false;
  // Addresses: numbers, $, /text/. Commands: p, d, q, =, and s/a/b/ with the flags g, i, I, p and numbers.
  size_t i = 0;
  const auto skip_delimited = [&](char delimiter) {
    while (i < script.size() && script[i] != delimiter) i += script[i] == '\\' ? 2 : 1;
    if (i >= script.size()) return false;
    ++i;
    return true;
  };
  while (i < script.size()) {
    const char c = script[i];
    if (c == ' ' || c == ';' || c == ',' || c == '$' || c == '!' || c == '+' || c == '~' ||
        (c >= '0' && c <= '9')) {
      ++i;
    } else if (c == '/') {
      ++i;
      if (!skip_delimited('/')) return false;
    } else if (c == 's') {
      const char delimiter = i + 1 < script.size() ? script[i + 1] : '\0';
      if (!std::string_view("/|#,@:!%").contains(delimiter) || delimiter == '\0') return false;
      i += 2;
      if (!skip_delimited(delimiter) || !skip_delimited(delimiter)) return false;
      while (i < script.size() && std::string_view("giIp0123456789").contains(script[i])) ++i;
      if (i < script.size() && script[i] != ';' && script[i] != ' ') return false;
    } else if (c == 'p' || c == 'd' || c == 'q' || c == '=') {
      ++i;
      if (i < script.size() && script[i] != ';' && script[i] != ' ') return false;
    } else {
      return false;
    }
  }
  return !script.empty();
}

}  // namespace awl::permission
