#include "agent/tool_query.h"

#include <algorithm>

#include "base/strings.h"

namespace awl::agent {

namespace {

constexpr std::string_view kSelect = "select:";
constexpr size_t kMaxWords = 32;
constexpr size_t kShortestInside =
    3;  // of a word that need not be a whole part of the name: "it" is in many texts

constexpr int kWholeName = 100;
constexpr int kPrefix = 50;
constexpr int kPartOfName = 10;
constexpr int kInsideName = 5;
constexpr int kInDescription = 2;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

// mcp__git_hub__getIssue: mcp, git, hub, get, issue.
std::vector<std::string> name_parts(std::string_view name) {
  std::vector<std::string> parts(1);
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool separator = c == '_' || c == '-' || c == '.' || c == ':';
    const bool hump = is_upper(c) && i > 0 && !is_upper(name[i - 1]);
    if ((separator || hump) && !parts.back().empty()) parts.emplace_back();
    if (!separator) parts.back() += to_lower(std::string_view(&name[i], 1));
  }
  if (parts.back().empty()) parts.pop_back();
  return parts;
}

bool is_word_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// `word` stands in `text` and a word begins there.
bool begins_word(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if (at == 0 || !is_word_char(text[at - 1])) return true;
  }
  return false;
}

int score_word(std::string_view word, const std::vector<std::string>& parts, std::string_view name,
               std::string_view description) {
  int score = 0;
  if (std::ranges::find(parts, word) != parts.end())
    score += kPartOfName;
  else if (word.size() >= kShortestInside && name.contains(word))
    score += kInsideName;
  if (word.size() >= kShortestInside && begins_word(description, word)) score += kInDescription;
  return score;
}

// 0: does not fit.
int score_tool(const ToolQuery& query, const ToolEntry& entry) {
  const std::string name = to_lower(entry.name);
  const std::string description = to_lower(entry.description);
  const auto missing = [&name](const std::string& word) { return !name.contains(word); };
  if (std::ranges::any_of(query.required, missing)) return 0;
  const std::vector<std::string> parts = name_parts(entry.name);
  int score = query.required.empty() ? 0 : 1;
  for (const std::string& word : query.words) {
    if (word == name) score += kWholeName;
    if (word.starts_with("mcp__") && name.starts_with(word)) score += kPrefix;
    score += score_word(word, parts, name, description);
  }
  return score;
}

}  // namespace

ToolQuery parse_tool_query(std::string_view text) {
  ToolQuery query;
  text = trim(text);
  if (to_lower(text.substr(0, kSelect.size())) == kSelect) {
    for (const std::string_view name : split(text.substr(kSelect.size()), ',')) {
      if (!trim(name).empty() && query.names.size() < kMaxWords) query.names.emplace_back(trim(name));
    }
    return query;
  }
  std::string words = to_lower(text);
  std::ranges::replace_if(words, [](char c) { return c == ',' || c == '\t' || c == '\n' || c == '\r'; }, ' ');
  for (std::string_view word : split(words, ' ')) {
    const bool required = word.starts_with('+');
    if (required) word.remove_prefix(1);
    if (word.empty() || query.words.size() == kMaxWords) continue;
    query.words.emplace_back(word);
    if (required) query.required.emplace_back(word);
  }
  return query;
}

std::vector<size_t> rank_tools(const ToolQuery& query, std::span<const ToolEntry> entries, size_t limit) {
  struct Scored {
    size_t place;
    int score;
  };
  std::vector<Scored> fitting;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (const int score = score_tool(query, entries[i]); score > 0) fitting.push_back({i, score});
  }
  std::ranges::sort(fitting, [](const Scored& a, const Scored& b) {
    return a.score != b.score ? a.score > b.score : a.place < b.place;
  });
  if (fitting.size() > limit) fitting.resize(limit);
  std::vector<size_t> places;
  for (const Scored& scored : fitting) places.push_back(scored.place);
  return places;
}

}  // namespace awl::agent
