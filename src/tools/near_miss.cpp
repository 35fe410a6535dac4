#include "tools/near_miss.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "base/strings.h"
#include "base/utf8.h"

namespace awl::tools {

namespace {

constexpr size_t kMaxFileBytes = 4 << 20;  // how far into the file is looked
constexpr size_t kMaxWantedLines = 400;
constexpr size_t kMaxShownLines = 12;
constexpr size_t kMaxShownLine = 300;
constexpr size_t kMaxFuzzyLines = 20'000;
constexpr size_t kMaxFuzzyLine = 400;
constexpr double kLeastSimilarity = 0.6;

std::vector<std::string_view> to_lines(std::string_view text) {
  std::vector<std::string_view> lines = split(text, '\n');
  if (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  return lines;
}

// The line without its white space: lines that are equal so differ in nothing else.
std::string squeeze(std::string_view line) {
  std::string out;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') continue;
    if (line.substr(i).starts_with("\xC2\xA0")) {  // no-break space
      ++i;
      continue;
    }
    out += c;
  }
  return out;
}

std::string visible(std::string_view line) {
  std::string out;
  const std::string_view kept = utf8_prefix(line, kMaxShownLine);
  for (size_t i = 0; i < kept.size(); ++i) {
    if (kept[i] == '\t') {
      out += "→";
    } else if (kept[i] == ' ') {
      out += "·";
    } else if (kept[i] == '\r') {
      out += "␍";
    } else if (kept.substr(i).starts_with("\xC2\xA0")) {
      out += "⍽";
      ++i;
    } else {
      out += kept[i];
    }
  }
  if (kept.size() < line.size()) out += "…";
  return out;
}

std::string show_window(const std::vector<std::string_view>& lines, size_t begin, size_t count) {
  std::string out;
  const size_t end = std::min({lines.size(), begin + count, begin + kMaxShownLines});
  for (size_t i = begin; i < end; ++i) out += fmt::format("\n{}: {}", i + 1, visible(lines[i]));
  if (end < std::min(lines.size(), begin + count)) out += "\n…";
  return out;
}

// Where a window of the file has the most lines in common with the wanted ones, white space left out.
struct LineWindow {
  size_t begin = 0;
  size_t matches = 0;
};

LineWindow best_window(const std::vector<std::string>& file, const std::vector<std::string>& wanted) {
  std::unordered_map<std::string_view, std::vector<size_t>> places;
  for (size_t i = 0; i < wanted.size(); ++i) {
    auto& list = places[wanted[i]];
    if (!wanted[i].empty() && list.size() < 4) list.push_back(i);
  }
  std::unordered_map<size_t, size_t> votes;
  LineWindow best;
  for (size_t line = 0; line < file.size(); ++line) {
    const auto found = places.find(file[line]);
    if (found == places.end()) continue;
    for (const size_t place : found->second) {
      if (line < place) continue;
      const size_t count = ++votes[line - place];
      if (count > best.matches) best = {line - place, count};
    }
  }
  return best;
}

// How much of the two texts' pairs of neighbouring characters they share, from 0 to 1.
double similarity(std::string_view a, std::string_view b) {
  if (a.size() < 2 || b.size() < 2) return a == b ? 1 : 0;
  std::unordered_map<unsigned, int> pairs;
  const auto pair_at = [](std::string_view text, size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(text[i])) << 8U |
           static_cast<unsigned char>(text[i + 1]);
  };
  for (size_t i = 0; i + 1 < a.size(); ++i) ++pairs[pair_at(a, i)];
  size_t shared = 0;
  for (size_t i = 0; i + 1 < b.size(); ++i) {
    const auto found = pairs.find(pair_at(b, i));
    if (found == pairs.end() || found->second == 0) continue;
    --found->second;
    ++shared;
  }
  return 2.0 * static_cast<double>(shared) / static_cast<double>(a.size() + b.size() - 2);
}

// The line most similar to the longest wanted one; file.size() when none is near.
size_t most_similar(const std::vector<std::string>& file, const std::vector<std::string>& wanted,
                    size_t& anchor) {
  anchor = 0;
  for (size_t i = 1; i < wanted.size(); ++i) {
    if (wanted[i].size() > wanted[anchor].size() && wanted[i].size() <= kMaxFuzzyLine) anchor = i;
  }
  const std::string& text = wanted[anchor];
  size_t best = file.size();
  double best_score = kLeastSimilarity;
  if (text.size() < 4 || text.size() > kMaxFuzzyLine) return best;
  for (size_t i = 0, tried = 0; i < file.size() && tried < kMaxFuzzyLines; ++i) {
    if (file[i].size() * 3 < text.size() || file[i].size() > text.size() * 3) continue;
    ++tried;
    const double score = similarity(text, file[i]);
    if (score > best_score) {
      best_score = score;
      best = i;
    }
  }
  return best;
}

// Mistakes that can be named: line numbers of a Read, or escapes in place of characters.
std::string known_mistake(std::string_view file, std::string_view wanted) {
  std::string without_numbers;
  bool numbers = true;
  for (const std::string_view line : split(wanted, '\n')) {
    const size_t tab = line.find('\t');
    numbers =
        numbers && tab != std::string_view::npos && parse_integer(trim(line.substr(0, tab))).has_value();
    if (!numbers) break;
    without_numbers += fmt::format("{}{}", without_numbers.empty() ? "" : "\n", line.substr(tab + 1));
  }
  if (numbers && file.find(without_numbers) != std::string_view::npos) {
    return "It has the line numbers of a Read in it: leave the numbers and the tabs behind them out";
  }
  const std::string unescaped = replace_all(replace_all(std::string(wanted), "\\n", "\n"), "\\t", "\t");
  if (unescaped != wanted && file.find(unescaped) != std::string_view::npos) {
    return "It has \\n or \\t as two characters where the file has a real newline or tab";
  }
  return "";
}

}  // namespace

std::string explain_near_miss(std::string_view file, std::string_view wanted) {
  file = utf8_prefix(file, kMaxFileBytes);
  if (file.empty() || wanted.size() > kMaxFileBytes) return "";
  if (std::string mistake = known_mistake(file, wanted); !mistake.empty()) return mistake;
  auto wanted_lines = to_lines(wanted);
  if (wanted_lines.size() > kMaxWantedLines) wanted_lines.resize(kMaxWantedLines);
  const auto file_lines = to_lines(file);
  std::vector<std::string> wanted_keys;
  std::vector<std::string> file_keys;
  for (const std::string_view line : wanted_lines) wanted_keys.push_back(squeeze(line));
  for (const std::string_view line : file_lines) file_keys.push_back(squeeze(line));

  LineWindow window = best_window(file_keys, wanted_keys);
  if (window.matches == 0) {
    size_t anchor = 0;
    const size_t line = most_similar(file_keys, wanted_keys, anchor);
    if (line == file_keys.size()) return "";
    window.begin = line >= anchor ? line - anchor : 0;
  }
  const size_t count = wanted_lines.size();
  bool same = window.begin + count <= file_keys.size();
  size_t first_difference = 0;
  for (size_t i = 0; same && i < count; ++i) same = file_keys[window.begin + i] == wanted_keys[i];
  while (first_difference + 1 < count && window.begin + first_difference + 1 < file_lines.size() &&
         file_lines[window.begin + first_difference] == wanted_lines[first_difference]) {
    ++first_difference;
  }
  const size_t from =
      first_difference + 1 > kMaxShownLines ? first_difference - 2 : 0;  // far down: begin near it
  return fmt::format(
      "{} (→ tab, · space):{}\nYou gave:{}",
      same ? "The closest text differs in white space only" : "The closest text in the file is",
      show_window(file_lines, window.begin + from, count - from),
      show_window(wanted_lines, from, count - from));
}

}  // namespace awl::tools
