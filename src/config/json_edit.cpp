#include "config/json_edit.h"

#include <fmt/format.h>

#include <vector>

#include "base/strings.h"
#include "json/json.h"

namespace awl::config {

namespace {

struct Span {
  size_t begin = 0;
  size_t end = 0;
};

struct Member {
  std::string key;
  Span whole;  // key, colon and value
  Span value;
};

/// Walks through a JSON text that is known to be valid.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  void skip_blanks(size_t& at) const {
    while (at < text_.size() && std::string_view(" \t\r\n").contains(text_[at])) ++at;
  }

  size_t end_of_string(size_t at) const {
    for (++at; at < text_.size() && text_[at] != '"'; ++at) {
      if (text_[at] == '\\') ++at;
    }
    return std::min(at + 1, text_.size());
  }

  size_t end_of_value(size_t at) const {
    if (text_[at] == '"') return end_of_string(at);
    if (text_[at] != '{' && text_[at] != '[')
      return std::min(text_.find_first_of(",]} \t\r\n", at), text_.size());
    int depth = 0;
    while (at < text_.size()) {
      if (text_[at] == '"') {
        at = end_of_string(at);
        continue;
      }
      if (text_[at] == '{' || text_[at] == '[') ++depth;
      if (text_[at] == '}' || text_[at] == ']') --depth;
      ++at;
      if (depth == 0) break;
    }
    return at;
  }

  // Of the object that begins at `at`.
  std::vector<Member> members(size_t at) const {
    std::vector<Member> found;
    ++at;
    for (;;) {
      skip_blanks(at);
      if (at >= text_.size() || text_[at] == '}') return found;
      if (text_[at] == ',') {
        ++at;
        continue;
      }
      Member member;
      member.whole.begin = at;
      const size_t key_end = end_of_string(at);
      const auto key = json::parse(text_.substr(at, key_end - at));
      member.key = key && key->is_string() ? key->get<std::string>() : "";
      at = text_.find(':', key_end) + 1;
      skip_blanks(at);
      member.value = {at, end_of_value(at)};
      member.whole.end = at = member.value.end;
      found.push_back(std::move(member));
    }
  }

 private:
  std::string_view text_;
};

// The last member with the key: the one that counts.
const Member* find_member(const std::vector<Member>& members, std::string_view key) {
  const Member* found = nullptr;
  for (const Member& member : members) {
    if (member.key == key) found = &member;
  }
  return found;
}

Result<> check_object(std::string_view text) {
  AWL_TRY(const json::Value value, json::parse(text));
  if (!value.is_object()) return fail(ErrorKind::kParse, "it is not a JSON object");
  return {};
}

size_t begin_of(std::string_view text) {
  size_t at = 0;
  Walker(text).skip_blanks(at);
  return at;
}

std::string nested(std::span<const std::string> path, std::string_view value_json) {
  if (path.empty()) return std::string(value_json);
  return fmt::format("{{{}: {}}}", json::quote(path[0]), nested(path.subspan(1), value_json));
}

// What stands before the first member, or would: a line break and its indentation.
std::string separator(std::string_view text, size_t object, const std::vector<Member>& members) {
  if (!members.empty()) return std::string(text.substr(object + 1, members.front().whole.begin - object - 1));
  const size_t line = text.rfind('\n', object);
  const size_t start = line == std::string_view::npos ? 0 : line + 1;
  const size_t indent = std::min(text.find_first_not_of(" \t", start), text.size()) - start;
  return "\n" + std::string(indent + 2, ' ');
}

}  // namespace

std::optional<std::string_view> find_json_text(std::string_view text, std::span<const std::string> path) {
  const Walker walker(text);
  Span value{begin_of(text), text.size()};
  for (const std::string& key : path) {
    if (value.begin >= text.size() || text[value.begin] != '{') return std::nullopt;
    const auto members = walker.members(value.begin);
    const Member* member = find_member(members, key);
    if (member == nullptr) return std::nullopt;
    value = member->value;
  }
  return text.substr(value.begin, value.end - value.begin);
}

Result<std::string> set_json_text(std::string_view text, std::span<const std::string> path,
                                  std::string_view value_json) {
  if (trim(text).empty()) text = "{}\n";
  AWL_CHECK(check_object(text));
  const Walker walker(text);
  size_t object = begin_of(text);
  for (size_t depth = 0; depth < path.size(); ++depth) {
    if (text[object] != '{')
      return fail(ErrorKind::kInvalidInput, fmt::format("{} is not an object", path[depth - 1]));
    const auto members = walker.members(object);
    const Member* member = find_member(members, path[depth]);
    if (member != nullptr && depth + 1 < path.size()) {
      object = member->value.begin;
      continue;
    }
    std::string changed(text);
    if (member != nullptr) {
      changed.replace(member->value.begin, member->value.end - member->value.begin, value_json);
      return changed;
    }
    const std::string before = separator(text, object, members);
    const std::string added = fmt::format("{}{}: {}", before, json::quote(path[depth]),
                                          nested(path.subspan(depth + 1), value_json));
    if (!members.empty()) {
      changed.insert(members.back().whole.end, "," + added);
    } else {
      const size_t close = walker.end_of_value(object) - 1;
      const std::string end = before.size() > 2 ? before.substr(0, before.size() - 2) : "\n";
      changed.replace(object + 1, close - object - 1, added + end);
    }
    return changed;
  }
  return fail(ErrorKind::kInvalidInput, "no key was given");
}

Result<std::string> remove_json_text(std::string_view text, std::span<const std::string> path) {
  if (trim(text).empty()) return std::string(text);
  AWL_CHECK(check_object(text));
  const Walker walker(text);
  size_t object = begin_of(text);
  for (size_t depth = 0; depth < path.size() && text[object] == '{'; ++depth) {
    const auto members = walker.members(object);
    const Member* member = find_member(members, path[depth]);
    if (member == nullptr) break;
    if (depth + 1 < path.size()) {
      object = member->value.begin;
      continue;
    }
    // With the comma before it, or the one behind it when it is the first.
    Span gone = member->whole;
    if (member != &members.front()) {
      gone.begin = (member - 1)->whole.end;
    } else if (members.size() > 1) {
      gone.end = members[1].whole.begin;
    }
    std::string changed(text);
    changed.erase(gone.begin, gone.end - gone.begin);
    return changed;
  }
  return std::string(text);
}

}  // namespace awl::config
