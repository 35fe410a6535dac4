#include "tools/diff.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace awl::tools {

namespace {

constexpr size_t kContext = 3;
constexpr ptrdiff_t kMaxDistance = 1000;  // edit steps that the search tries: its memory is the square of it
constexpr ptrdiff_t kMaxWork = 20'000'000;  // distance times lines
constexpr std::string_view kNoNewline = "\\ No newline at end of file";

enum class Kind : char { kSame = ' ', kRemoved = '-', kAdded = '+' };

struct Step {
  Kind kind;
  std::string_view line;  // with its newline
};

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t newline = text.find('\n');
    const size_t length = newline == std::string_view::npos ? text.size() : newline + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

// Bytes of the whole lines that both texts begin with.
size_t common_head(std::string_view a, std::string_view b) {
  const size_t limit = std::min(a.size(), b.size());
  const auto differ = std::mismatch(a.begin(), a.begin() + static_cast<ptrdiff_t>(limit), b.begin());
  const auto same = static_cast<size_t>(differ.first - a.begin());
  if (same == a.size() && same == b.size()) return same;
  const size_t newline = a.substr(0, same).rfind('\n');
  return newline == std::string_view::npos ? 0 : newline + 1;
}

// Bytes of the whole lines that both texts end with; a line begins behind a newline or with the text.
size_t common_tail(std::string_view a, std::string_view b) {
  const size_t limit = std::min(a.size(), b.size());
  const auto differ = std::mismatch(a.rbegin(), a.rbegin() + static_cast<ptrdiff_t>(limit), b.rbegin());
  const auto same = static_cast<size_t>(differ.first - a.rbegin());
  const auto begins_line = [](std::string_view text, size_t tail) {
    return tail == text.size() || text[text.size() - tail - 1] == '\n';
  };
  if (begins_line(a, same) && begins_line(b, same)) return same;
  const std::string_view shared = a.substr(a.size() - same);
  const size_t newline = shared.find('\n');
  return newline == std::string_view::npos ? 0 : same - newline - 1;
}

using Numbers = std::vector<size_t>;

Numbers intern(const std::vector<std::string_view>& lines,
               std::unordered_map<std::string_view, size_t>& known) {
  Numbers out;
  out.reserve(lines.size());
  for (const std::string_view line : lines)
    out.push_back(known.try_emplace(line, known.size()).first->second);
  return out;
}

// Myers' greedy search. Gives, for each distance, the furthest x of each diagonal; empty when the limits are
// not enough.
std::vector<std::vector<ptrdiff_t>> search(const Numbers& a, const Numbers& b) {
  const auto n = static_cast<ptrdiff_t>(a.size());
  const auto m = static_cast<ptrdiff_t>(b.size());
  const ptrdiff_t limit = std::min({n + m, kMaxDistance, kMaxWork / (n + m + 1)});
  std::vector<ptrdiff_t> furthest(static_cast<size_t>(2 * limit + 3), 0);
  const auto at = [&](ptrdiff_t k) -> ptrdiff_t& { return furthest[static_cast<size_t>(k + limit + 1)]; };
  std::vector<std::vector<ptrdiff_t>> trace;
  for (ptrdiff_t d = 0; d <= limit; ++d) {
    trace.emplace_back(&at(-d - 1), &at(d + 1) + 1);
    for (ptrdiff_t k = -d; k <= d; k += 2) {
      ptrdiff_t x = k == -d || (k != d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
      while (x < n && x - k < m && x - k >= 0 && a[static_cast<size_t>(x)] == b[static_cast<size_t>(x - k)])
        ++x;
      at(k) = x;
      if (x >= n && x - k >= m) return trace;
    }
  }
  return {};
}

std::vector<Kind> shortest_script(const Numbers& a, const Numbers& b) {
  const auto trace = search(a, b);
  std::vector<Kind> script;
  if (trace.empty()) {
    script.assign(a.size(), Kind::kRemoved);
    script.insert(script.end(), b.size(), Kind::kAdded);
    return script;
  }
  auto x = static_cast<ptrdiff_t>(a.size());
  auto y = static_cast<ptrdiff_t>(b.size());
  for (auto d = static_cast<ptrdiff_t>(trace.size()) - 1; d >= 0; --d) {
    const auto& row = trace[static_cast<size_t>(d)];  // diagonals -d-1 … d+1 before step d
    const auto at = [&](ptrdiff_t k) { return row[static_cast<size_t>(k + d + 1)]; };
    const ptrdiff_t k = x - y;
    const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
    const ptrdiff_t before_x = d == 0 ? 0 : down ? at(k + 1) : at(k - 1);
    const ptrdiff_t before_y = d == 0 ? 0 : before_x - (down ? k + 1 : k - 1);
    while (x > before_x && y > before_y) {
      script.push_back(Kind::kSame);
      --x;
      --y;
    }
    if (d > 0) script.push_back(down ? Kind::kAdded : Kind::kRemoved);
    x = before_x;
    y = before_y;
  }
  std::reverse(script.begin(), script.end());
  return script;
}

// Removals before additions in each run of changes, as people expect them.
std::vector<Step> order_changes(const std::vector<Step>& steps) {
  std::vector<Step> out;
  out.reserve(steps.size());
  std::vector<Step> added;
  for (const Step& step : steps) {
    if (step.kind == Kind::kAdded) {
      added.push_back(step);
      continue;
    }
    if (step.kind == Kind::kSame) {
      out.insert(out.end(), added.begin(), added.end());
      added.clear();
    }
    out.push_back(step);
  }
  out.insert(out.end(), added.begin(), added.end());
  return out;
}

// The last kContext lines of `text`.
std::string_view last_lines(std::string_view text) {
  size_t begin = text.size();
  for (size_t i = 0; i <= kContext; ++i) {
    if (begin == 0) return text;
    const size_t newline = text.rfind('\n', begin - 1);
    if (newline == std::string_view::npos) return text;
    begin = newline;
  }
  return text.substr(begin + 1);
}

std::string_view first_lines(std::string_view text) {
  size_t end = 0;
  for (size_t i = 0; i < kContext && end < text.size(); ++i) {
    const size_t newline = text.find('\n', end);
    end = newline == std::string_view::npos ? text.size() : newline + 1;
  }
  return text.substr(0, end);
}

std::vector<Step> make_steps(std::string_view old_middle, std::string_view new_middle) {
  const auto a = split_lines(old_middle);
  const auto b = split_lines(new_middle);
  std::unordered_map<std::string_view, size_t> known;
  const Numbers a_numbers = intern(a, known);
  const Numbers b_numbers = intern(b, known);
  std::vector<Step> steps;
  size_t i = 0;
  size_t j = 0;
  for (const Kind kind : shortest_script(a_numbers, b_numbers)) {
    steps.push_back({kind, kind == Kind::kAdded ? b[j] : a[i]});
    if (kind != Kind::kAdded) ++i;
    if (kind != Kind::kRemoved) ++j;
  }
  return steps;
}

void add_line(Hunk& hunk, const Step& step) {
  std::string_view line = step.line;
  const bool ended = line.ends_with('\n');
  if (ended) line.remove_suffix(1);
  hunk.lines.push_back(static_cast<char>(step.kind) + std::string(line));
  if (!ended) hunk.lines.emplace_back(kNoNewline);
  if (step.kind != Kind::kAdded) ++hunk.old_lines;
  if (step.kind != Kind::kRemoved) ++hunk.new_lines;
}

// `first_line`: of the first step, in both texts.
std::vector<Hunk> group(const std::vector<Step>& steps, size_t first_line) {
  std::vector<Hunk> hunks;
  size_t old_line = first_line;
  size_t new_line = first_line;
  size_t written = 0;  // steps that are in a hunk, or were passed over
  const auto pass = [&](size_t upto) {
    for (; written < upto; ++written) {
      if (steps[written].kind != Kind::kAdded) ++old_line;
      if (steps[written].kind != Kind::kRemoved) ++new_line;
    }
  };
  for (size_t i = 0; i < steps.size();) {
    if (steps[i].kind == Kind::kSame) {
      ++i;
      continue;
    }
    size_t end = i + 1;  // behind the last change whose context touches this one's
    for (size_t same = 0, j = i + 1; j < steps.size() && same <= 2 * kContext; ++j) {
      same = steps[j].kind == Kind::kSame ? same + 1 : 0;
      if (same == 0) end = j + 1;
    }
    const size_t begin = std::max(written, i > kContext ? i - kContext : 0);
    const size_t stop = std::min(steps.size(), end + kContext);
    pass(begin);
    Hunk hunk{.old_start = old_line, .new_start = new_line, .lines = {}};
    for (size_t j = begin; j < stop; ++j) add_line(hunk, steps[j]);
    pass(stop);
    hunks.push_back(std::move(hunk));
    i = stop;
  }
  return hunks;
}

}  // namespace

std::vector<Hunk> make_patch(std::string_view old_text, std::string_view new_text, size_t max_bytes) {
  if (old_text == new_text) return {};
  const size_t head = common_head(old_text, new_text);
  const size_t tail = common_tail(old_text.substr(head), new_text.substr(head));
  const std::string_view old_middle = old_text.substr(head, old_text.size() - head - tail);
  const std::string_view new_middle = new_text.substr(head, new_text.size() - head - tail);
  if (old_middle.size() + new_middle.size() > max_bytes) return {};

  std::vector<Step> steps;
  const std::string_view before = last_lines(old_text.substr(0, head));
  for (const std::string_view line : split_lines(before)) steps.push_back({Kind::kSame, line});
  for (const Step& step : make_steps(old_middle, new_middle)) steps.push_back(step);
  for (const std::string_view line : split_lines(first_lines(old_text.substr(old_text.size() - tail)))) {
    steps.push_back({Kind::kSame, line});
  }
  const std::string_view skipped = old_text.substr(0, head - before.size());
  return group(order_changes(steps),
               1 + static_cast<size_t>(std::count(skipped.begin(), skipped.end(), '\n')));
}

json::Value to_json(const std::vector<Hunk>& hunks) {
  json::Value out = json::Value::array();
  for (const Hunk& hunk : hunks) {
    out.push_back({{"oldStart", hunk.old_start},
                   {"oldLines", hunk.old_lines},
                   {"newStart", hunk.new_start},
                   {"newLines", hunk.new_lines},
                   {"lines", hunk.lines}});
  }
  return out;
}

}  // namespace awl::tools
