#include "tools/glob_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/strings.h"
#include "base/utf8.h"

namespace awl::tools {

namespace {

constexpr size_t kMaxAlternatives = 256;

// The first character of `text`: a code point, or one ill-formed part of a name.
std::string_view first_character(std::string_view text) { return text.substr(0, utf8_step(text).length); }

// Bytes order as code points do.
bool in_class(std::string_view set, std::string_view character) {
  bool found = false;
  while (!set.empty()) {
    const std::string_view low = first_character(set);
    set.remove_prefix(low.size());
    if (set.size() > 1 && set[0] == '-') {
      const std::string_view high = first_character(set.substr(1));
      set.remove_prefix(1 + high.size());
      found = found || (low <= character && character <= high);
    } else {
      found = found || low == character;
    }
  }
  return found;
}

// What one element of a pattern is: its length there, and whether it takes `character`.
struct Element {
  size_t length;
  bool takes;
};

Element match_element(std::string_view pattern, std::string_view character) {
  if (pattern[0] == '?') return {1, true};
  if (pattern[0] == '[') {
    const bool negated = pattern.size() > 1 && (pattern[1] == '!' || pattern[1] == '^');
    const size_t begin = negated ? 2 : 1;
    // A bracket right behind the opening one is a member.
    const size_t end = pattern.size() > begin + 1 ? pattern.find(']', begin + 1) : std::string_view::npos;
    if (end != std::string_view::npos)
      return {end + 1, in_class(pattern.substr(begin, end - begin), character) != negated};
  }
  const size_t skipped = pattern[0] == '\\' && pattern.size() > 1 ? 1 : 0;
  const std::string_view literal = first_character(pattern.substr(skipped));
  return {skipped + literal.size(), literal == character};
}

// One name against one segment. Going back to the last star is enough, so the time is the product of the
// lengths at most.
bool match_name(std::string_view pattern, std::string_view name) {
  size_t p = 0;
  size_t n = 0;
  std::optional<std::pair<size_t, size_t>> star;  // behind the star, and the name's place that it is tried at
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star.emplace(++p, n);
      continue;
    }
    const std::string_view character = first_character(name.substr(n));
    if (p < pattern.size()) {
      const Element element = match_element(pattern.substr(p), character);
      if (element.takes) {
        p += element.length;
        n += character.size();
        continue;
      }
    }
    if (!star) return false;
    star->second += first_character(name.substr(star->second)).size();
    p = star->first;
    n = star->second;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

struct Braces {
  size_t begin;
  size_t end;
  std::vector<std::string> parts;
};

// The first complete pair of braces, cut at the commas that are not inside further ones.
std::optional<Braces> find_braces(std::string_view pattern) {
  for (size_t begin = 0; begin < pattern.size(); ++begin) {
    if (pattern[begin] == '\\') {
      ++begin;
      continue;
    }
    if (pattern[begin] != '{') continue;
    Braces braces{begin, 0, {""}};
    int depth = 1;
    for (size_t i = begin + 1; i < pattern.size(); ++i) {
      if (pattern[i] == '{') ++depth;
      if (pattern[i] == '}' && --depth == 0) {
        braces.end = i + 1;
        return braces;
      }
      if (pattern[i] == ',' && depth == 1) {
        braces.parts.emplace_back();
        continue;
      }
      braces.parts.back() += pattern[i];
      if (pattern[i] == '\\' && i + 1 < pattern.size()) braces.parts.back() += pattern[++i];
    }
  }
  return std::nullopt;
}

// False when there are too many.
bool expand(const std::string& pattern, std::vector<std::string>& out) {
  const auto braces = find_braces(pattern);
  if (!braces) {
    out.push_back(pattern);
    return out.size() <= kMaxAlternatives;
  }
  for (const std::string& part : braces->parts) {
    if (!expand(pattern.substr(0, braces->begin) + part + pattern.substr(braces->end), out)) return false;
  }
  return true;
}

}  // namespace

Result<GlobPattern> GlobPattern::compile(std::string_view pattern, bool any_depth) {
  std::vector<std::string> expanded;
  if (pattern.size() > 4096 || !expand(std::string(pattern), expanded)) {
    return fail(
        ErrorKind::kInvalidInput,
        fmt::format("the pattern stands for more than {} patterns: make it simpler", kMaxAlternatives));
  }
  GlobPattern out;
  for (const std::string& alternative : expanded) {
    Segments segments;
    if (any_depth && alternative.find('/') == std::string::npos) segments.emplace_back("**");
    for (const std::string_view segment : split(alternative, '/')) {
      if (segment == "..")
        return fail(ErrorKind::kInvalidInput, "`..` must come before all wildcards of the pattern");
      if (segment.empty() || segment == ".") continue;
      if (segment == "**" && !segments.empty() && segments.back() == "**") continue;
      segments.emplace_back(segment);
    }
    if (alternative.ends_with('/')) segments.emplace_back("**");
    out.alternatives_.push_back(std::move(segments));
  }
  return out;
}

void GlobPattern::add_with_skips(State& state, uint32_t alternative, uint32_t segment) const {
  const Segments& segments = alternatives_[alternative];
  for (; segment < segments.size(); ++segment) {
    const std::pair place(alternative, segment);
    if (std::find(state.begin(), state.end(), place) == state.end()) state.push_back(place);
    if (segments[segment] != "**") return;  // "**" may also stand for no folder
  }
}

GlobPattern::State GlobPattern::start() const {
  State state;
  for (uint32_t i = 0; i < alternatives_.size(); ++i) add_with_skips(state, i, 0);
  return state;
}

GlobPattern::State GlobPattern::enter(const State& state, std::string_view folder_name) const {
  State next;
  for (const auto& [alternative, segment] : state) {
    const std::string& text = alternatives_[alternative][segment];
    if (text == "**") {
      add_with_skips(next, alternative, segment);
    } else if (match_name(text, folder_name)) {
      add_with_skips(next, alternative, segment + 1);
    }
  }
  return next;
}

bool GlobPattern::matches_file(const State& state, std::string_view name) const {
  return std::any_of(state.begin(), state.end(), [&](const auto& place) {
    const Segments& segments = alternatives_[place.first];
    if (place.second + 1 != segments.size()) return false;
    return segments.back() == "**" || match_name(segments.back(), name);
  });
}

bool GlobPattern::matches(std::string_view path) const {
  const auto names = split(path, '/');
  State state = start();
  for (size_t i = 0; i + 1 < names.size(); ++i) state = enter(state, names[i]);
  return matches_file(state, names.back());
}

std::pair<std::string_view, std::string_view> split_literal_folder(std::string_view pattern) {
  const std::string_view literal = pattern.substr(0, pattern.find_first_of("*?[{\\"));
  const size_t slash = literal.rfind('/');
  if (slash == std::string_view::npos) return {"", pattern};
  return {pattern.substr(0, slash + 1), pattern.substr(slash + 1)};
}

}  // namespace awl::tools
