#include "emulator/json_lines.h"

#include <fmt/format.h>

#include <functional>
#include <set>

#include "base/strings.h"
#include "json/value.h"

namespace awl::emulator {

namespace {

/// Walks a JSON text. Every value is announced with its pointer and line; false from a callback ends the
/// walk.
class Walker {
 public:
  using OnValue = std::function<bool(const std::string& pointer, int line)>;
  using OnDuplicate = std::function<void(const std::string& key, int line)>;

  Walker(std::string_view text, OnValue on_value, OnDuplicate on_duplicate)
      : text_(text), on_value_(std::move(on_value)), on_duplicate_(std::move(on_duplicate)) {}

  void walk() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    std::string root;
    value(root, 0);
  }

 private:
  bool value(std::string& pointer, int depth) {
    space();
    if (at_ >= text_.size() || depth > json::kMaxDepth) return false;
    if (!on_value_(pointer, line_)) return false;
    if (text_[at_] == '{') return object(pointer, depth);
    if (text_[at_] == '[') return array(pointer, depth);
    if (text_[at_] == '"') return string().has_value();
    while (at_ < text_.size() && !std::string_view(",]} \t\r\n").contains(text_[at_])) ++at_;
    return true;
  }

  bool object(std::string& pointer, int depth) {
    std::set<std::string> keys;
    ++at_;
    space();
    if (take('}')) return true;
    do {
      space();
      const int line = line_;
      const auto key = string();
      if (!key) return false;
      if (!keys.insert(*key).second) on_duplicate_(*key, line);
      space();
      if (!take(':') || !member(pointer, pointer_part(*key), depth)) return false;
    } while (take(','));
    return take('}');
  }

  bool array(std::string& pointer, int depth) {
    ++at_;
    space();
    if (take(']')) return true;
    size_t index = 0;
    do {
      if (!member(pointer, std::to_string(index++), depth)) return false;
    } while (take(','));
    return take(']');
  }

  bool member(std::string& pointer, const std::string& part, int depth) {
    const size_t length = pointer.size();
    pointer += "/" + part;
    if (!value(pointer, depth + 1)) return false;
    pointer.resize(length);
    space();
    return true;
  }

  std::optional<std::string> string() {
    if (!take('"')) return std::nullopt;
    const size_t begin = at_ - 1;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (!take('"')) return std::nullopt;
    const auto parsed = json::parse(text_.substr(begin, at_ - begin));
    if (!parsed || !parsed->is_string()) return std::nullopt;
    return parsed->get<std::string>();
  }

  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void space() {
    for (; at_ < text_.size() && std::string_view(" \t\r\n").contains(text_[at_]); ++at_) {
      if (text_[at_] == '\n') ++line_;
    }
  }

  std::string_view text_;
  OnValue on_value_;
  OnDuplicate on_duplicate_;
  size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

int line_of(std::string_view text, std::string_view pointer) {
  int found = 0;
  const auto look = [&](const std::string& at, int line) {
    if (at != pointer) return true;
    found = line;
    return false;
  };
  Walker(text, look, [](const std::string&, int) {}).walk();
  return found;
}

std::optional<DuplicateKey> find_duplicate_key(std::string_view text) {
  std::optional<DuplicateKey> found;
  const auto keep_first = [&](const std::string& key, int line) {
    if (!found) found = DuplicateKey{key, line};
  };
  Walker(text, [](const std::string&, int) { return true; }, keep_first).walk();
  return found;
}

std::string pointer_part(std::string_view key) {
  return replace_all(replace_all(std::string(key), "~", "~0"), "/", "~1");
}

}  // namespace awl::emulator
