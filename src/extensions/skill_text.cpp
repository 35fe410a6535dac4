#include "extensions/skill_text.h"

#include <fmt/format.h>

#include <cctype>
#include <optional>

#include "base/strings.h"

namespace awl::extensions {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

struct Given {
  std::string_view all;
  std::vector<std::string> list;
};

// A placeholder that begins at `text[at]`, a dollar: how long it is and what stands for it.
struct Placeholder {
  size_t length = 0;
  std::string value;
};

std::optional<Placeholder> read_number(std::string_view text, size_t begin, size_t extra,
                                       const Given& given) {
  size_t end = begin;
  while (end < text.size() && is_digit(text[end]) && end < begin + 4) ++end;
  if (end == begin) return std::nullopt;
  if (extra == 0 && end < text.size() && is_word(text[end])) return std::nullopt;
  const size_t index = std::stoul(std::string(text.substr(begin, end - begin)));
  if (index >= given.list.size()) return std::nullopt;
  return Placeholder{end + extra, given.list[index]};
}

std::optional<Placeholder> read_placeholder(std::string_view rest, const Skill& skill, const Given& given) {
  constexpr std::string_view kAll = "$ARGUMENTS";
  if (rest.starts_with(kAll)) {
    const std::string_view behind = rest.substr(kAll.size());
    if (behind.starts_with('[')) {
      const size_t close = behind.find(']');
      if (close != std::string_view::npos) {
        auto number = read_number(rest.substr(0, kAll.size() + close), kAll.size() + 1, 1, given);
        if (number && number->length == kAll.size() + close + 1) return number;
      }
      return std::nullopt;
    }
    if (!behind.empty() && is_word(behind.front())) return std::nullopt;
    return Placeholder{kAll.size(), std::string(given.all)};
  }
  if (auto number = read_number(rest, 1, 0, given)) return number;
  for (size_t i = 0; i < skill.argument_names.size(); ++i) {
    const std::string& name = skill.argument_names[i];
    if (!rest.substr(1).starts_with(name)) continue;
    const std::string_view behind = rest.substr(1 + name.size());
    if (!behind.empty() && is_word(behind.front())) continue;
    return Placeholder{1 + name.size(), i < given.list.size() ? given.list[i] : ""};
  }
  return std::nullopt;
}

// Arguments in a text; `used` becomes true when one was taken.
std::string fill_in_arguments(std::string_view text, const Skill& skill, const Given& given, bool& used) {
  std::string filled;
  for (size_t i = 0; i < text.size();) {
    if (text[i] != '$' && text[i] != '\\') {
      filled += text[i++];
      continue;
    }
    const bool escaped =
        text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '$' && (i == 0 || text[i - 1] != '\\');
    const size_t dollar = escaped ? i + 1 : i;
    const auto placeholder =
        text[dollar] == '$' ? read_placeholder(text.substr(dollar), skill, given) : std::nullopt;
    // \$1.00 is no argument, whether or not there is one.
    const bool looks_like_one = dollar + 1 < text.size() && is_digit(text[dollar + 1]);
    if (escaped && (placeholder || looks_like_one)) {
      filled += '$';
      i = dollar + 1;
    } else if (!escaped && placeholder) {
      used = true;
      filled += placeholder->value;
      i += placeholder->length;
    } else {
      filled += text[i++];
    }
  }
  return filled;
}

// The text cut at its commands.
std::vector<TextPiece> cut(std::string_view text) {
  std::vector<TextPiece> pieces{{}};
  const auto words = [&pieces]() -> std::string& { return pieces.back().text; };
  for (size_t i = 0; i < text.size();) {
    const bool at_start = i == 0 || text[i - 1] == '\n';
    const bool after_space = at_start || text[i - 1] == ' ' || text[i - 1] == '\t';
    const std::string_view rest = text.substr(i);
    size_t begin = 0;
    size_t end = std::string_view::npos;
    size_t next = 0;
    if (at_start && rest.starts_with("```!")) {
      begin = rest.find('\n');
      end = begin == std::string_view::npos ? begin : rest.find("\n```", begin);
      next = end + 4;
      ++begin;
    } else if (after_space && rest.starts_with("!`")) {
      begin = 2;
      end = rest.find('`', begin);
      if (end != std::string_view::npos && rest.substr(0, end).contains('\n')) end = std::string_view::npos;
      next = end + 1;
    }
    if (end == std::string_view::npos || end < begin) {
      words() += text[i++];
      continue;
    }
    pieces.push_back({std::string(trim(rest.substr(begin, end - begin))), true});
    pieces.push_back({});
    i += next;
  }
  return pieces;
}

}  // namespace

std::vector<std::string> split_arguments(std::string_view text) {
  std::vector<std::string> arguments;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      word += text[++i];
      in_word = true;
    } else if (quote != 0) {
      word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      in_word = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      if (in_word) arguments.push_back(std::exchange(word, ""));
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) arguments.push_back(word);
  return arguments;
}

std::string fill_in_folders(std::string text, const Skill& skill, const SkillFacts& facts) {
  text = replace_all(std::move(text), "${CLAUDE_SESSION_ID}", facts.session_id);
  text = replace_all(std::move(text), "${CLAUDE_EFFORT}", facts.effort);
  text = replace_all(std::move(text), "${CLAUDE_PROJECT_DIR}", facts.project_dir.string());
  const os::Path folder = skill.folder.empty() ? skill.file.parent_path() : skill.folder;
  text = replace_all(std::move(text), "${CLAUDE_SKILL_DIR}", folder.string());
  if (!skill.plugin_root.empty())
    text = replace_all(std::move(text), "${CLAUDE_PLUGIN_ROOT}", skill.plugin_root.string());
  return text;
}

std::vector<TextPiece> expand_skill(const Skill& skill, std::string_view arguments, const SkillFacts& facts) {
  const Given given{trim(arguments), split_arguments(arguments)};
  bool used = false;
  std::vector<TextPiece> pieces;
  for (TextPiece& piece : cut(skill.body)) {
    std::string text =
        fill_in_arguments(fill_in_folders(std::move(piece.text), skill, facts), skill, given, used);
    if (piece.is_command || !text.empty()) pieces.push_back({std::move(text), piece.is_command});
  }
  if (!used && !given.all.empty()) {
    if (pieces.empty() || pieces.back().is_command) pieces.push_back({});
    std::string& last = pieces.back().text;
    last = fmt::format("{}\n\nARGUMENTS: {}", std::string(last.substr(0, last.find_last_not_of('\n') + 1)),
                       given.all);
  }
  return pieces;
}

}  // namespace awl::extensions
