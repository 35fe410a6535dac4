#include "permission/read_only.h"

#include <fmt/format.h>

#include <algorithm>

#include "os/path.h"
#include "permission/read_only_commands.h"
#include "permission/read_only_special.h"
#include "permission/wrappers.h"

namespace awl::permission {
namespace {

constexpr size_t kMaxFolders = 16;

bool has_long_flag(const ReadOnlyProgram& program, std::string_view flag, bool* takes_next) {
  const std::string_view name =
      flag.substr(2, flag.find('=') == std::string_view::npos ? flag.npos : flag.find('=') - 2);
  const bool has_value = flag.contains('=');
  for (size_t begin = 0; begin < program.longs.size();) {
    const size_t space = std::min(program.longs.find(' ', begin), program.longs.size());
    const std::string_view entry = program.longs.substr(begin, space - begin);
    begin = space + 1;
    if (!has_value && entry == name) return true;
    if (entry.ends_with('=') && entry.substr(0, entry.size() - 1) == name) {
      *takes_next = !has_value;
      return true;
    }
  }
  return false;
}

bool has_short_flags(const ReadOnlyProgram& program, std::string_view group, bool* takes_next) {
  for (size_t i = 1; i < group.size(); ++i) {
    if (program.with_value.contains(group[i])) {
      *takes_next = i + 1 == group.size();
      return true;
    }
    if (!program.shorts.contains(group[i])) return false;
  }
  return true;
}

/// What a flag of a program with harmless flags may name as a path: what follows its `=`, or its first slash.
std::string_view path_in_flag(std::string_view flag) {
  const size_t equals = flag.find('=');
  if (equals != std::string_view::npos) return flag.substr(equals + 1);
  const size_t slash = flag.find('/');
  return slash == std::string_view::npos ? std::string_view() : flag.substr(slash);
}

std::optional<std::string> check_operands(const ReadOnlyProgram& program,
                                          const std::vector<const Word*>& operands, bool pattern_given,
                                          const ShellPlace& place) {
  size_t first = 0;
  switch (program.operands) {
    case Operands::kText:
      return std::nullopt;
    case Operands::kProcesses:
      for (const Word* word : operands) {
        if (word->text.contains('e')) return "ps with e shows the environment of other processes";
      }
      return std::nullopt;
    case Operands::kNone:
      if (!operands.empty()) return fmt::format("{} takes an argument", program.name);
      return std::nullopt;
    case Operands::kFormat:
      for (const Word* word : operands) {
        if (!word->text.starts_with('+')) return fmt::format("{} may set something", program.name);
      }
      return std::nullopt;
    case Operands::kOnePath:
      if (operands.size() > 1) return fmt::format("{} writes its second file", program.name);
      break;
    case Operands::kPattern:
      first = pattern_given ? 0 : 1;
      break;
    case Operands::kPaths:
      break;
  }
  for (size_t i = first; i < operands.size(); ++i) {
    if (auto problem = check_read_path(*operands[i], place)) return problem;
  }
  return std::nullopt;
}

/// A program of the table that has no rules of its own.
std::optional<std::string> check_program(const ReadOnlyProgram& program, std::span<const Word> words,
                                         const ShellPlace& place) {
  std::vector<const Word*> operands;
  bool pattern_given = false, only_operands = false;
  for (size_t i = 1; i < words.size(); ++i) {
    const Word& word = words[i];
    const std::string_view text = word.text;
    if (!word.is_literal() && program.operands != Operands::kText) {
      // A glob may match a file whose name is a flag.
      if (!(program.any_flags && word.is_known_glob())) {
        return fmt::format("{} has an argument that is only known when it runs", program.name);
      }
    }
    if (only_operands || text.size() < 2 || text[0] != '-') {
      operands.push_back(&word);
      continue;
    }
    if (text == "--") {
      only_operands = true;
      continue;
    }
    if (program.any_flags) {
      const bool follows = text[1] == '-' ? text.starts_with("--de") : text.contains('R');
      if (program.operands == Operands::kPattern && follows) {
        return fmt::format("{} may follow links out of the work folders", program.name);
      }
      const bool short_pattern = text[1] != '-' && (text.contains('e') || text.contains('f'));
      pattern_given = pattern_given || short_pattern || text.starts_with("--reg") || text.starts_with("--f");
      if (program.operands == Operands::kText) continue;
      Word path = word;
      path.text = path_in_flag(text);
      if (path.text.empty()) continue;
      if (auto problem = check_read_path(path, place)) return problem;
      continue;
    }
    bool takes_next = false;
    const bool known = text[1] == '-' ? has_long_flag(program, text, &takes_next)
                                      : has_short_flags(program, text, &takes_next);
    if (!known) return fmt::format("{} with {} is not known to only read", program.name, text);
    if (program.operands == Operands::kPattern) {
      const bool files = text == "--files" || text == "--type-list";
      pattern_given =
          pattern_given || files || text.starts_with("--regexp") || (text[1] != '-' && text.contains('e'));
    }
    if (takes_next) {
      if (++i < words.size() && !words[i].is_literal())
        return fmt::format("{} has an unknown argument", program.name);
    }
  }
  return check_operands(program, operands, pattern_given, place);
}

}  // namespace

std::optional<std::string> check_read_path(const Word& word, const ShellPlace& place) {
  if (word.text == "-" || word.text == "/dev/null" || word.text == "/dev/stdin") return std::nullopt;
  if (place.unknown_folder && !word.text.starts_with('/')) return "it is not known in which folder it runs";
  const auto paths = spell_word(word, place.cwds, place.situation->home);
  if (!paths) return fmt::format("{} is only known when it runs", word.source);
  for (const Spellings& path : *paths) {
    if (!is_in_work_folders(path, *place.situation))
      return fmt::format("{} is outside the work folders", word.source);
  }
  return std::nullopt;
}

ShellPlace follow_cd(const Script& script, const Situation& situation) {
  ShellPlace place{&situation, {situation.cwd}};
  for (const Command& command : script.commands) {
    const std::span<const Word> words = strip_wrappers(command.words);
    if (words.empty()) continue;
    const std::string_view name = words[0].text;
    if (name == "pushd" || name == "popd") place.unknown_folder = true;
    if (name != "cd") continue;
    const Word* target = nullptr;
    for (const Word& word : words.subspan(1)) {
      if (word.text != "-L" && word.text != "-P" && word.text != "--") target = &word;
    }
    if (target == nullptr || target->text == "-" || !target->is_literal()) {
      place.changed_folder = place.unknown_folder = true;
      continue;
    }
    const auto folders = spell_word(*target, place.cwds, situation.home);
    if (!folders || place.cwds.size() > kMaxFolders) {
      place.changed_folder = place.unknown_folder = true;
      continue;
    }
    for (const Spellings& folder : *folders) {
      for (const os::Path& path : folder) {
        if (std::ranges::find(place.cwds, path) != place.cwds.end()) continue;
        if (path != os::resolve_links(situation.cwd)) place.changed_folder = true;
        place.cwds.push_back(path);
      }
    }
  }
  return place;
}

std::optional<std::string> find_write(const Command& command, const ShellPlace& place) {
  if (!command.assignments.empty()) return "it sets a variable";
  if (command.words.empty()) return std::nullopt;
  const std::span<const Word> words = strip_wrappers(command.words);
  const auto wrapper = std::span<const Word>(command.words).first(command.words.size() - words.size());
  if (std::ranges::any_of(wrapper, [](const Word& word) { return word.text == "xargs"; })) {
    return "xargs adds arguments that are not known";
  }
  const Word& name = words[0];
  if (!name.is_literal() || name.tilde) return "its program is only known when it runs";
  if (asks_for_version(words)) return std::nullopt;
  const ReadOnlyProgram* program = find_read_only_program(name.text);
  if (program == nullptr) return fmt::format("{} is not known to only read", name.text);
  if (const SpecialCheck check = find_special_check(name.text)) return check(words, place);
  return check_program(*program, words, place);
}

std::vector<Spellings> mentioned_paths(std::span<const Word> words, const ShellPlace& place) {
  std::vector<Spellings> all;
  const auto add = [&](const Word& word, std::string_view text) {
    Word part = word;
    if (text != word.text) {
      part.text = text;
      part.glob = false;
    }
    if (part.text.empty()) return;
    if (auto paths = spell_word(part, place.cwds, place.situation->home))
      std::ranges::move(*paths, std::back_inserter(all));
  };
  for (size_t i = 1; i < words.size(); ++i) {
    const std::string_view text = words[i].text;
    // These name what is left out.
    if (text.starts_with("--exclude=") || text.starts_with("--exclude-dir=") || text.starts_with("--glob=!"))
      continue;
    if (text.starts_with('!') && (words[i - 1].text == "-g" || words[i - 1].text == "--glob")) continue;
    if (!text.starts_with('-')) add(words[i], text);
    // --file=x, if=x, HEAD:x, -fx
    if (const size_t equals = text.find('='); equals != text.npos) add(words[i], text.substr(equals + 1));
    if (const size_t colon = text.rfind(':'); colon != text.npos) add(words[i], text.substr(colon + 1));
    if (text.size() > 2 && text[0] == '-' && text[1] != '-') add(words[i], text.substr(2));
  }
  return all;
}

}  // namespace awl::permission
