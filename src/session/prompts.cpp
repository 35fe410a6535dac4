#include "session/prompts.h"

#include <algorithm>
#include <unordered_map>

#include "base/strings.h"
#include "json/raw.h"
#include "session/mapped_text.h"

namespace awl::session {

namespace {

struct Entry {
  std::string uuid;
  std::string parent;
  std::string_view content;  // of a message of the person; empty: it is none
  std::string forgets;       // the message that this record takes back
};

bool is_result(std::string_view content) {
  const auto blocks = json::raw_elements(content);
  return !blocks.empty() && json::raw_text(blocks.front(), "type") == "tool_result";
}

std::string text_of(std::string_view content) {
  if (auto text = json::raw_string(content)) return *text;
  std::string text;
  for (const std::string_view block : json::raw_elements(content)) {
    if (json::raw_text(block, "type") == "text") text = json::raw_text(block, "text");
  }
  return text;
}

Entry make_entry(std::string_view line) {
  const auto members = json::raw_members(line);
  const auto text = [&members](std::string_view key) {
    return json::raw_string(json::find_raw(members, key)).value_or("");
  };
  Entry entry{
      .uuid = text("uuid"), .parent = text("parentUuid"), .content = {}, .forgets = text("messageUuid")};
  const bool hidden = json::find_raw(members, "isMeta") == "true" ||
                      json::find_raw(members, "isSidechain") == "true" ||
                      json::find_raw(members, "isCompactSummary") == "true";
  if (text("type") == "user" && !hidden) {
    entry.content = json::raw_member(json::find_raw(members, "message"), "content");
    if (is_result(entry.content)) entry.content = {};
  }
  return entry;
}

}  // namespace

std::optional<std::string> prompt_of(std::string_view record) {
  const Entry entry = make_entry(record);
  if (entry.content.empty()) return std::nullopt;
  return text_of(entry.content);
}

Result<std::vector<Prompt>> list_prompts(const os::Path& file) {
  AWL_TRY(const MappedText mapped, MappedText::open(file));
  std::vector<Entry> entries;
  std::unordered_map<std::string, size_t> places;
  for (const std::string_view line : split(mapped.view(), '\n')) {
    if (!line.starts_with('{') || !json::is_strict(line)) continue;
    Entry entry = make_entry(line);
    if (entry.uuid.empty()) continue;
    places[entry.uuid] = entries.size();
    entries.push_back(std::move(entry));
  }
  std::vector<Prompt> prompts;
  std::vector<std::string> forgotten;
  for (size_t at = entries.size(); at > 0;) {
    const Entry& entry = entries[at - 1];
    if (!entry.forgets.empty()) forgotten.push_back(entry.forgets);
    if (!entry.content.empty() && std::ranges::find(forgotten, entry.uuid) == forgotten.end())
      prompts.push_back({entry.uuid, entry.parent, text_of(entry.content)});
    const auto parent = places.find(entry.parent);
    if (parent == places.end() || parent->second + 1 >= at) break;
    at = parent->second + 1;
  }
  std::ranges::reverse(prompts);
  return prompts;
}

}  // namespace awl::session
