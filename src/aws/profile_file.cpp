#include "aws/profile_file.h"

#include <fmt/format.h>

#include <utility>

#include "base/strings.h"

namespace awl::aws {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool starts_comment(std::string_view text) { return text.starts_with('#') || text.starts_with(';'); }

// A comment inside a line begins with "#" or ";" after white space: keys and tokens may contain either.
std::string_view strip_comment(std::string_view text) {
  for (size_t i = 1; i < text.size(); ++i) {
    if (is_space(text[i - 1]) && starts_comment(text.substr(i))) return trim(text.substr(0, i));
  }
  return trim(text);
}

// The place of the "]" that closes a heading: one inside a quoted name does not.
size_t find_closing_bracket(std::string_view line) {
  char quote = '\0';
  for (size_t i = 1; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if ((c == '"' || c == '\'') && (line[i - 1] == '[' || is_space(line[i - 1]))) {
      quote = c;
    } else if (c == ']') {
      return i;
    }
  }
  return std::string_view::npos;
}

std::string_view unquote(std::string_view name) {
  const bool quoted =
      name.size() >= 2 && (name.front() == '"' || name.front() == '\'') && name.back() == name.front();
  return quoted ? name.substr(1, name.size() - 2) : name;
}

// What a heading means in a file of this kind.
std::pair<ProfileSection::Kind, std::string_view> interpret_heading(std::string_view heading,
                                                                    ProfileFileKind kind) {
  using Kind = ProfileSection::Kind;
  if (kind == ProfileFileKind::kCredentials) return {Kind::kProfile, unquote(heading)};
  if (heading == "default") return {Kind::kProfile, heading};
  const size_t space = heading.find_first_of(" \t");
  if (space == std::string_view::npos) return {Kind::kOther, heading};
  const std::string_view word = heading.substr(0, space);
  const std::string_view name = unquote(trim(heading.substr(space)));
  if (word == "profile") return {Kind::kProfile, name};
  if (word == "sso-session") return {Kind::kSsoSession, name};
  return {Kind::kOther, heading};
}

class Parser {
 public:
  Parser(std::string path, ProfileFileKind kind) : kind_(kind) { file_.path = std::move(path); }

  Result<ProfileFile> parse(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (const std::string_view line : split(text, '\n')) {
      ++line_;
      AWL_CHECK(take_line(line));
    }
    return std::move(file_);
  }

 private:
  Result<> take_line(std::string_view line) {
    const std::string_view content = trim(line);
    if (content.empty() || starts_comment(content)) return {};
    const auto indent = static_cast<size_t>(content.data() - line.data());
    if (property_ != nullptr && indent > property_indent_) return continue_property(content);
    if (content.starts_with('[')) return open_section(content);
    return add_property(content, indent);
  }

  Result<> open_section(std::string_view content) {
    const size_t end = find_closing_bracket(content);
    if (end == std::string_view::npos) return error("this heading has no closing \"]\"");
    const std::string_view rest = trim(content.substr(end + 1));
    if (!rest.empty() && !starts_comment(rest))
      return error("only a comment may follow the \"]\" of a heading");
    const auto [kind, name] = interpret_heading(trim(content.substr(1, end - 1)), kind_);
    if (name.empty()) return error("this heading has no name: expected [default] or [profile name]");
    property_ = nullptr;
    for (section_ = 0; section_ < file_.sections.size(); ++section_) {
      if (file_.sections[section_].kind == kind && file_.sections[section_].name == name) return {};
    }
    file_.sections.push_back({kind, std::string(name), line_, {}});
    return {};
  }

  Result<> add_property(std::string_view content, size_t indent) {
    if (file_.sections.empty())
      return error("a setting before the first heading: expected [default] or [profile name]");
    const size_t separator = content.find_first_of("=:");
    const std::string key = to_lower(trim(content.substr(0, separator)));
    if (separator == std::string_view::npos || key.empty()) {
      return error("expected \"name = value\", a [heading] or a # comment");
    }
    ProfileProperty property;
    property.value = strip_comment(content.substr(separator + 1));
    property.line = line_;
    const auto stored = file_.sections[section_].properties.insert_or_assign(key, std::move(property)).first;
    property_ = &stored->second;
    property_indent_ = indent;
    has_nested_ = property_->value.empty();
    return {};
  }

  // An indented line belongs to the key above it: to its value or, when it has none, as a property of its
  // own.
  Result<> continue_property(std::string_view content) {
    if (!has_nested_) {
      property_->value += '\n';
      property_->value += content;
      return {};
    }
    const size_t separator = content.find('=');
    const std::string key = to_lower(trim(content.substr(0, separator)));
    if (separator == std::string_view::npos || key.empty()) {
      return error(
          fmt::format("expected \"name = value\" below the key without a value in line {}", property_->line));
    }
    property_->nested.insert_or_assign(key, std::string(strip_comment(content.substr(separator + 1))));
    return {};
  }

  std::unexpected<Error> error(std::string_view what) const {
    return fail(ErrorKind::kParse, fmt::format("{}:{}: {}", file_.path, line_, what));
  }

  ProfileFileKind kind_;
  ProfileFile file_;
  size_t section_ = 0;                   // index of the one that is open
  ProfileProperty* property_ = nullptr;  // the last one of the open section; map nodes stay where they are
  size_t property_indent_ = 0;
  bool has_nested_ = false;
  int line_ = 0;
};

}  // namespace

const ProfileSection* ProfileFile::find(ProfileSection::Kind kind, std::string_view name) const {
  for (const ProfileSection& section : sections) {
    if (section.kind == kind && section.name == name) return &section;
  }
  return nullptr;
}

Result<ProfileFile> parse_profile_file(std::string_view text, std::string path, ProfileFileKind kind) {
  return Parser(std::move(path), kind).parse(text);
}

}  // namespace awl::aws
