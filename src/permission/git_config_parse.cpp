// The syntax of git's configuration files, to the byte: what hides a key from us must hide it from git too.
#include "permission/git_config.h"

namespace awl::permission {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_key_char(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

class ConfigParser {
 public:
  explicit ConfigParser(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) position_ = 3;
  }

  std::optional<std::vector<GitSetting>> run() {
    if (text_.contains('\0')) return std::nullopt;
    while (position_ < text_.size()) {
      const char c = next();
      if (is_space(c)) continue;
      if (c == '#' || c == ';') {
        skip_line();
      } else if (c == '[') {
        if (!read_section()) return std::nullopt;
      } else if (!is_letter(c) || !read_setting(c)) {
        return std::nullopt;
      }
    }
    return std::move(settings_);
  }

 private:
  /// A line feed at the end of the text; \r\n is one character.
  char next() {
    if (position_ >= text_.size()) {
      ++position_;
      return '\n';
    }
    const char c = text_[position_++];
    if (c == '\r' && position_ < text_.size() && text_[position_] == '\n') return text_[position_++];
    return c;
  }

  void skip_line() {
    while (next() != '\n') continue;
  }

  bool read_section() {
    section_.clear();
    for (;;) {
      const char c = next();
      if (c == ']') return true;
      if (c == ' ' || c == '\t') return read_subsection();
      if (!is_key_char(c) && c != '.') return false;
      section_ += lower(c);
    }
  }

  bool read_subsection() {
    char c = ' ';
    while (c == ' ' || c == '\t') c = next();
    if (c != '"') return false;
    section_ += '.';
    for (;;) {
      c = next();
      if (c == '"') return next() == ']';
      if (c == '\\') c = next();
      if (c == '\n') return false;
      section_ += c;
    }
  }

  bool read_setting(char first) {
    GitSetting setting{section_ + "." + lower(first), std::nullopt};
    char c = next();
    for (; is_key_char(c); c = next()) setting.key += lower(c);
    while (c == ' ' || c == '\t') c = next();
    if (c != '\n') {
      if (c != '=') return false;
      setting.value.emplace();
      if (!read_value(*setting.value)) return false;
    }
    settings_.push_back(std::move(setting));
    return true;
  }

  bool read_value(std::string& value) {
    bool quoted = false;
    size_t spaces = 0;
    for (;;) {
      char c = next();
      if (c == '\n') return !quoted;
      if (is_space(c) && !quoted) {
        ++spaces;
        continue;
      }
      if (!quoted && (c == '#' || c == ';')) {
        skip_line();
        return true;
      }
      if (!value.empty()) value.append(spaces, ' ');
      spaces = 0;
      if (c == '"') {
        quoted = !quoted;
        continue;
      }
      if (c == '\\') {
        c = next();
        if (c == '\n') continue;
        const size_t known = std::string_view("tbn\\\"").find(c);
        if (known == std::string_view::npos) return false;
        c = "\t\b\n\\\""[known];
      }
      value += c;
    }
  }

  std::string_view text_;
  size_t position_ = 0;
  std::string section_;
  std::vector<GitSetting> settings_;
};

}  // namespace

std::optional<std::vector<GitSetting>> parse_git_config(std::string_view text) {
  return ConfigParser(text).run();
}

}  // namespace awl::permission
