#include "session/session_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/strings.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "json/json.h"
#include "session/mapped_text.h"
#include "session/restore.h"
#include "session/retention.h"
#include "session/transcript_file.h"

namespace awl::session {

namespace {

constexpr size_t kGlance = 64 << 10;  // of each end of a transcript
constexpr size_t kMaxPrompt = 200;
constexpr size_t kAround = 60;  // bytes on each side of a finding
constexpr size_t kMaxExportedResult = 2'000;

// A text on one line, cut between characters.
std::string shorten(std::string_view text, size_t limit) {
  std::string line = to_utf8(trim(text.substr(0, limit * 4)));
  for (char& c : line) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  if (line.size() <= limit) return line;
  size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  return line.substr(0, end) + "…";
}

std::string content_text(const json::Value& record) {
  const json::Value* message = json::find(record, "message");
  const json::Value* content = message == nullptr ? nullptr : json::find(*message, "content");
  if (content == nullptr) return "";
  if (content->is_string()) return content->get<std::string>();
  std::string text;
  for (const json::Value& block : *content) {
    if (json::string_or_empty(block, "type") == "text") text = json::string_or_empty(block, "text");
  }
  return text;
}

bool is_on(const json::Value& record, std::string_view key) {
  const json::Value* value = json::find(record, key);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

void note_record(const json::Value& record, SessionInfo& info) {
  const std::string type = json::string_or_empty(record, "type");
  if (type == "custom-title") {
    info.title = json::string_or_empty(record, "customTitle");
  } else if (type == "pr-link") {
    info.pr_url = json::string_or_empty(record, "prUrl");
  } else if (type == "tag") {
    info.tag = json::string_or_empty(record, "tag");
  } else if (type == "user") {
    if (info.folder.empty()) info.folder = json::string_or_empty(record, "cwd");
    if (info.branch.empty()) info.branch = json::string_or_empty(record, "gitBranch");
    if (info.entry_point.empty()) info.entry_point = json::string_or_empty(record, "entrypoint");
    const bool hidden =
        is_on(record, "isMeta") || is_on(record, "isSidechain") || is_on(record, "isCompactSummary");
    if (info.prompt.empty() && !hidden) info.prompt = shorten(content_text(record), kMaxPrompt);
  }
}

// Only whole lines count.
void note_lines(std::string_view text, SessionInfo& info) {
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) continue;
    if (const auto record = json::parse(line); record && record->is_object()) note_record(*record, info);
  }
}

Result<> append(const os::Path& file, const std::string& record) {
  AWL_TRY(const auto transcript, TranscriptFile::open(file));
  return transcript->append(record);
}

std::string field_record(std::string_view type, std::string_view field, const std::string& value,
                         const os::Path& file) {
  return fmt::format(R"({{"type":"{}","{}":{},"sessionId":{}}})", type, field, json::quote(value),
                     json::quote(file.stem().string()));
}

void export_block(const std::string& block_json, bool from_user, std::string& text) {
  const auto block = json::parse(block_json);
  if (!block) return;
  const std::string type = json::string_or_empty(*block, "type");
  if (type == "text") {
    const std::string words = json::string_or_empty(*block, "text");
    // What the product says to the model is not what the person said.
    if (from_user && words.starts_with("<system-reminder>")) return;
    text += fmt::format("{}\n\n", trim(words));
  } else if (type == "tool_use") {
    const json::Value* input = json::find(*block, "input");
    text += fmt::format("**{}** `{}`\n\n", json::string_or_empty(*block, "name"),
                        input == nullptr ? "" : shorten(json::dump(*input), kMaxExportedResult));
  } else if (type == "tool_result") {
    const json::Value* content = json::find(*block, "content");
    const std::string result = content == nullptr     ? ""
                               : content->is_string() ? content->get<std::string>()
                                                      : json::dump(*content);
    const std::string shown = to_utf8(std::string_view(result).substr(0, kMaxExportedResult));
    text += fmt::format("````\n{}{}\n````\n\n", shown, result.size() > kMaxExportedResult ? "\n…" : "");
  } else if (type == "image" || type == "document") {
    text += fmt::format("({})\n\n", type);
  }
}

}  // namespace

Result<SessionInfo> describe_session(const os::Path& file) {
  AWL_TRY(const os::FileInfo stat, os::stat(file));
  AWL_TRY(const auto mapped, MappedText::open(file));
  SessionInfo info{.file = file,
                   .id = file.stem().string(),
                   .modified_ns = stat.modified_ns,
                   .size_bytes = stat.size_bytes};
  const std::string_view text = mapped.view();
  if (text.size() <= 2 * kGlance) {
    note_lines(text, info);
    return info;
  }
  const std::string_view head = text.substr(0, kGlance);
  note_lines(head.substr(0, head.rfind('\n') == std::string_view::npos ? 0 : head.rfind('\n')), info);
  const std::string_view tail = text.substr(text.size() - kGlance);
  const size_t first_whole = tail.find('\n');
  if (first_whole != std::string_view::npos) note_lines(tail.substr(first_whole), info);
  return info;
}

std::vector<SessionInfo> list_sessions(const os::Path& folder) {
  std::vector<SessionInfo> sessions;
  const auto names = os::list_directory(folder);
  if (!names) return sessions;
  for (const std::string& name : *names) {
    const os::Path path = folder / name;
    if (path.extension() != ".jsonl" || !is_uuid(path.stem().string())) continue;
    if (auto info = describe_session(path); info && info->size_bytes > 0)
      sessions.push_back(std::move(*info));
  }
  std::ranges::sort(sessions, std::ranges::greater(), &SessionInfo::modified_ns);
  return sessions;
}

std::vector<SessionInfo> list_all_sessions(const os::Path& projects) {
  std::vector<SessionInfo> sessions;
  const auto folders = os::list_directory(projects);
  if (!folders) return sessions;
  for (const std::string& folder : *folders) {
    for (SessionInfo& info : list_sessions(projects / folder)) sessions.push_back(std::move(info));
  }
  std::ranges::sort(sessions, std::ranges::greater(), &SessionInfo::modified_ns);
  return sessions;
}

std::string find_in_session(const os::Path& file, const std::string& words) {
  const auto mapped = MappedText::open(file);
  if (!mapped || words.empty()) return "";
  const std::string_view text = mapped->view();
  const auto same = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(a) == lower(b);
  };
  for (const std::string_view line : split(text, '\n')) {
    const auto record = json::parse(line);
    if (!record) continue;
    const std::string type = json::string_or_empty(*record, "type");
    if (type != "user" && type != "assistant") continue;
    const std::string said = content_text(*record);
    const auto found = std::ranges::search(said, words, same);
    if (found.empty()) continue;
    const auto at = static_cast<size_t>(found.begin() - said.begin());
    const size_t begin = at < kAround ? 0 : at - kAround;
    return shorten(std::string_view(said).substr(begin), words.size() + 2 * kAround);
  }
  return "";
}

Result<> rename_session(const os::Path& file, const std::string& title) {
  if (trim(title).empty()) return fail(ErrorKind::kInvalidInput, "a session's name cannot be empty");
  return append(file, field_record("custom-title", "customTitle", shorten(title, kMaxPrompt), file));
}

Result<> tag_session(const os::Path& file, const std::string& tag) {
  return append(file, field_record("tag", "tag", shorten(tag, kMaxPrompt), file));
}

Result<> delete_session(const os::Path& file) {
  // Whoever writes to it holds the lock that this takes.
  AWL_TRY(const auto transcript, TranscriptFile::open(file));
  std::error_code error;
  for (const os::Path& path : kept_with(file)) std::filesystem::remove_all(path, error);
  if (!error) std::filesystem::remove(file, error);
  if (error)
    return fail(ErrorKind::kIo, fmt::format("{} cannot be removed: {}", file.string(), error.message()));
  return {};
}

Result<std::string> export_session(const os::Path& file) {
  AWL_TRY(const SessionInfo info, describe_session(file));
  AWL_TRY(const RestoredSession session, restore(file, ""));
  std::string text = fmt::format("# {}\n\nSession {} in {}\n\n", info.name().empty() ? info.id : info.name(),
                                 info.id, info.folder);
  for (const RestoredMessage& message : session.messages) {
    const bool results = message.from_user && !message.blocks.empty() &&
                         message.blocks.front().contains(R"("type":"tool_result")");
    if (!results) text += message.from_user ? "## You\n\n" : "## Claude\n\n";
    for (const std::string& block : message.blocks) export_block(block, message.from_user, text);
  }
  return text;
}

}  // namespace awl::session
