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
  const json::RawObject record(line);
  Entry entry{.uuid = record.text("uuid"),
              .parent = record.text("parentUuid"),
              .content = {},
              .forgets = record.text("messageUuid")};
  const bool hidden =
      record.is_true("isMeta") || record.is_true("isSidechain") || record.is_true("isCompactSummary");
  if (record.is_of_type("user") && !hidden) {
    entry.content = json::raw_member(record.find("message"), "content");
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
