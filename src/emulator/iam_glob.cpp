#include "emulator/iam_glob.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "emulator/iam_keys.h"

namespace awl::emulator {

namespace {

/// The inside of ${…}: a key, or a key and a default in quotes, or one of the three escapes.
Result<IamTemplate::Piece> parse_variable(std::string_view inside) {
  IamTemplate::Piece piece;
  piece.is_variable = true;
  std::string_view key = inside;
  if (const size_t comma = inside.find(','); comma != std::string_view::npos) {
    key = inside.substr(0, comma);
    const std::string_view quoted = trim(inside.substr(comma + 1));
    if (quoted.size() < 2 || quoted.front() != '\'' || quoted.back() != '\'') {
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("the default of the variable ${{{}}} stands in single quotes", inside));
    }
    piece.fallback = std::string(quoted.substr(1, quoted.size() - 2));
  }
  piece.text = to_lower(trim(key));
  if (!is_iam_key(piece.text)) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("the emulator does not know the variable ${{{}}}", trim(key)));
  }
  return piece;
}

void append_text(IamTemplate& out, std::string_view text) {
  if (text.empty()) return;
  if (out.pieces.empty() || out.pieces.back().is_variable) out.pieces.emplace_back();
  out.pieces.back().text += text;
}

/// Which prefixes of the text each prefix of the pattern matches, a row at a time. `may_cross` says whether
/// the wildcard at a place of the pattern matches a colon.
template <typename MayCross>
bool match(const IamGlob& pattern, std::u16string_view text, const MayCross& may_cross) {
  std::vector<char> row(text.size() + 1, 0);
  row[0] = 1;
  for (size_t p = 0; p < pattern.size(); ++p) {
    std::vector<char> next(row.size(), 0);
    const bool is_any = pattern[p] == kIamAny;
    const bool crosses = (is_any || pattern[p] == kIamOne) && may_cross(p);
    if (is_any) next[0] = row[0];
    for (size_t t = 1; t < row.size(); ++t) {
      const bool within = text[t - 1] != u':' || crosses;
      if (is_any) {
        next[t] = static_cast<char>(row[t] || (next[t - 1] && within));
      } else {
        next[t] =
            static_cast<char>(row[t - 1] && (pattern[p] == kIamOne ? within : pattern[p] == text[t - 1]));
      }
    }
    row = std::move(next);
  }
  return row.back() != 0;
}

std::u16string widen(std::string_view text) {
  std::u16string out;
  for (const char c : text) out += static_cast<char16_t>(static_cast<unsigned char>(c));
  return out;
}

std::vector<IamGlob> segments_of(const IamGlob& pattern) {
  std::vector<IamGlob> segments(1);
  for (const char16_t c : pattern) {
    if (c == u':' && segments.size() < 6) {
      segments.emplace_back();
    } else {
      segments.back() += c;
    }
  }
  return segments;
}

bool segments_match(const std::vector<IamGlob>& segments, std::string_view arn) {
  IamGlob whole;
  std::vector<size_t> segment_of;
  for (size_t i = 0; i < segments.size(); ++i) {
    if (i > 0) whole += u':';
    whole += segments[i];
    segment_of.resize(whole.size(), i);
  }
  const auto may_cross = [&](size_t at) {
    const bool ends_segment = at + 1 >= whole.size() || whole[at + 1] == u':';
    return segment_of[at] == 5 || (whole[at] == kIamAny && ends_segment);
  };
  return match(whole, widen(arn), may_cross);
}

}  // namespace

Result<IamTemplate> parse_iam_template(std::string_view text, bool with_variables) {
  IamTemplate out;
  while (with_variables) {
    const size_t begin = text.find("${");
    if (begin == std::string_view::npos) break;
    append_text(out, text.substr(0, begin));
    const size_t end = text.find('}', begin);
    if (end == std::string_view::npos)
      return fail(ErrorKind::kInvalidInput, "a variable that begins with \"${\" has no closing brace");
    const std::string_view inside = text.substr(begin + 2, end - begin - 2);
    text.remove_prefix(end + 1);
    if (inside == "*" || inside == "?" || inside == "$") {
      // An escape is a variable with a value of its own: so it is never a wildcard.
      out.pieces.push_back({.is_variable = true, .text = "", .fallback = std::string(inside)});
      continue;
    }
    AWL_TRY(auto piece, parse_variable(inside));
    out.pieces.push_back(std::move(piece));
  }
  append_text(out, text);
  return out;
}

std::optional<IamGlob> expand(const IamTemplate& text, const IamContext& context, bool wildcards) {
  IamGlob out;
  for (const IamTemplate::Piece& piece : text.pieces) {
    if (piece.is_variable) {
      const auto found = context.find(piece.text);
      const bool has_value = found != context.end() && found->second.size() == 1;
      if (!has_value && !piece.fallback) return std::nullopt;
      out += widen(has_value ? found->second.front() : *piece.fallback);
      continue;
    }
    for (const char c : piece.text) {
      if (wildcards && c == '*') {
        out += kIamAny;
      } else if (wildcards && c == '?') {
        out += kIamOne;
      } else {
        out += static_cast<char16_t>(static_cast<unsigned char>(c));
      }
    }
  }
  return out;
}

bool glob_matches(const IamGlob& pattern, std::string_view text, bool ignore_case) {
  const auto always = [](size_t) { return true; };
  if (!ignore_case) return match(pattern, widen(text), always);
  IamGlob lower = pattern;
  for (char16_t& c : lower) c = c >= u'A' && c <= u'Z' ? static_cast<char16_t>(c - u'A' + u'a') : c;
  return match(lower, widen(to_lower(text)), always);
}

bool arn_matches(const IamGlob& pattern, std::string_view arn) {
  std::vector<IamGlob> segments = segments_of(pattern);
  if (segments.size() == 1) return match(pattern, widen(arn), [](size_t) { return true; });
  if (segments_match(segments, arn)) return true;
  if (segments.size() == 6) return false;
  while (segments.size() < 6) segments.emplace_back(1, kIamAny);
  return segments_match(segments, arn);
}

}  // namespace awl::emulator
