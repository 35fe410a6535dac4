#include "config/json_edit.h"

#include <fmt/format.h>

#include <vector>

#include "base/strings.h"
#include "json/json.h"
#include "json/raw.h"

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

// Of the object that begins at `at`, with their places in the text.
std::vector<Member> members_of(std::string_view text, size_t at) {
  std::vector<Member> found;
  const auto span_of = [&text](std::string_view part) {
    const auto begin = static_cast<size_t>(part.data() - text.data());
    return Span{begin, begin + part.size()};
  };
  for (const json::RawMember& member : json::raw_members(text.substr(at)))
    found.push_back(
        {json::raw_string(member.key).value_or(""), span_of(member.whole), span_of(member.value)});
  return found;
}

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

size_t begin_of(std::string_view text) { return json::skip_blanks(text, 0); }

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
  Span value{begin_of(text), text.size()};
  for (const std::string& key : path) {
    if (value.begin >= text.size() || text[value.begin] != '{') return std::nullopt;
    const auto members = members_of(text, value.begin);
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
  size_t object = begin_of(text);
  for (size_t depth = 0; depth < path.size(); ++depth) {
    if (text[object] != '{')
      return fail(ErrorKind::kInvalidInput, fmt::format("{} is not an object", path[depth - 1]));
    const auto members = members_of(text, object);
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
      const size_t close = json::end_of_value(text, object) - 1;
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
  size_t object = begin_of(text);
  for (size_t depth = 0; depth < path.size() && text[object] == '{'; ++depth) {
    const auto members = members_of(text, object);
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
