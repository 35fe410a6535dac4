#include "session/restore.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "anthropic/conversation.h"
#include "base/strings.h"
#include "json/json.h"
#include "json/raw.h"
#include "session/mapped_text.h"

namespace awl::session {

namespace {

// A line, of which little is looked at: the bytes of its blocks are sent as they stand there.
struct Record {
  std::string uuid;
  std::string parent;
  std::string type;
  std::string subtype;
  std::string_view line;
  std::string_view message;
};

bool is_true(std::string_view object, std::string_view key) {
  return json::raw_member(object, key) == "true";
}

// The fields that all records have, in one pass.
Record read_record(std::string_view line) {
  Record record;
  record.line = line;
  for (const json::RawMember& member : json::raw_members(line)) {
    const auto text = [&member] { return json::raw_string(member.value).value_or(""); };
    if (member.key == R"("uuid")") record.uuid = text();
    if (member.key == R"("parentUuid")") record.parent = text();
    if (member.key == R"("type")") record.type = text();
    if (member.key == R"("subtype")") record.subtype = text();
    if (member.key == R"("message")") record.message = member.value;
  }
  return record;
}

bool is_compact_boundary(const Record& record) { return record.subtype == "compact_boundary"; }

// What stands before the last compaction is no part of the conversation any more, and is not even parsed.
std::string_view live_part(std::string_view text) {
  constexpr std::string_view kBoundary = R"("subtype":"compact_boundary")";
  const size_t at = text.rfind(kBoundary);
  if (at == std::string_view::npos) return text;
  const size_t line = text.rfind('\n', at);
  return line == std::string_view::npos ? text : text.substr(line + 1);
}

// The records of a conversation, in the order of the file; what cannot be read is counted. `mended` holds
// lines whose text had to be mended.
std::vector<Record> read_records(std::string_view text, RestoredSession& session,
                                 std::deque<std::string>& mended, size_t& unreadable) {
  std::vector<Record> records;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (line.empty()) continue;
    if (!json::is_strict(line)) {
      const auto value = json::parse(line);
      if (!value) {
        ++unreadable;
        continue;
      }
      line = mended.emplace_back(json::dump(*value));
    }
    if (!line.starts_with('{')) {
      ++unreadable;
      continue;
    }
    Record record = read_record(line);
    const std::string& type = record.type;
    if (type == "permission-mode") session.permission_mode = json::raw_text(line, "permissionMode");
    if (type == "agent-setting") session.agent = json::raw_text(line, "agentSetting");
    const bool counts = type == "user" || type == "assistant" || type == "attachment" || type == "system";
    if (!counts || record.uuid.empty() || is_true(line, "isSidechain")) continue;
    records.push_back(std::move(record));
  }
  return records;
}

// From the leaf up to the beginning, then turned around. A parent that is not there, or would make a circle,
// is the record before in the file.
std::vector<const Record*> chain_to(const std::vector<Record>& records, size_t leaf, size_t& mended) {
  std::unordered_map<std::string_view, size_t> places;
  for (size_t i = 0; i < records.size(); ++i) places[records[i].uuid] = i;
  std::vector<const Record*> chain;
  for (size_t at = leaf;;) {
    const Record& record = records[at];
    chain.push_back(&record);
    if (is_compact_boundary(record)) break;
    const auto parent = places.find(record.parent);
    if (record.parent.empty() || at == 0) break;
    if (parent != places.end() && parent->second < at) {
      at = parent->second;
    } else {
      ++mended;
      --at;
    }
  }
  std::ranges::reverse(chain);
  return chain;
}

// Of a message's content: a string or a list of blocks.
std::vector<std::string> blocks_of(const Record& record) {
  const std::string_view content = json::raw_member(record.message, "content");
  if (auto text = json::raw_string(content)) return {anthropic::text_block(*text)};
  std::vector<std::string> blocks;
  for (const std::string_view block : json::raw_elements(content)) blocks.emplace_back(block);
  return blocks;
}

std::vector<std::string> attached_blocks(std::string_view attachment, const std::vector<std::string>& own) {
  std::vector<std::string> blocks;
  for (const std::string_view block : json::raw_elements(json::raw_member(attachment, "blocks"))) {
    if (json::raw_text(block, "type") != "own") {
      blocks.emplace_back(block);
      continue;
    }
    const auto index = parse_integer(json::raw_member(block, "index"));
    if (index && static_cast<size_t>(*index) < own.size()) blocks.push_back(own[static_cast<size_t>(*index)]);
  }
  return blocks;
}

std::string field_of(std::string_view block, std::string_view type, std::string_view key) {
  return json::raw_text(block, "type") == type ? json::raw_text(block, key) : "";
}

// Puts messages together from records.
class Assembler {
 public:
  explicit Assembler(RestoredSession& session) : session_(session) {}

  void find_forgotten(const std::vector<const Record*>& chain) {
    for (const Record* record : chain) {
      if (record->subtype != "forgotten") continue;
      forgotten_.insert(json::raw_text(record->line, "messageUuid"));
      forgotten_.insert(json::raw_text(record->line, "messageId"));
    }
  }

  void take(const Record& record) {
    if (record.type == "assistant") {
      take_assistant(record);
    } else if (record.type == "user") {
      take_user(record);
    } else if (record.type == "attachment") {
      take_attachment(json::raw_member(record.line, "attachment"));
    }
  }

  void finish() {
    close_answer();
    const std::vector<RestoredMessage>& messages = session_.messages;
    if (messages.empty() || !messages.back().from_user) return;
    // Some programs write down that a person interrupted it, who then wants no more of it.
    session_.interrupted = std::ranges::none_of(messages.back().blocks, [](const std::string& block) {
      return field_of(block, "text", "text").starts_with("[Request interrupted by user");
    });
  }

 private:
  void take_assistant(const Record& record) {
    const std::string id = json::raw_text(record.message, "id");
    // Errors are no answers.
    if (id.empty() || forgotten_.contains(id) || is_true(record.line, "isApiErrorMessage")) return;
    if (id != answer_id_) close_answer();
    answer_id_ = id;
    session_.model = json::raw_text(record.message, "model");
    for (std::string& block : blocks_of(record)) {
      if (const std::string call = field_of(block, "tool_use", "id"); !call.empty()) order_.push_back(call);
      if (field_of(block, "tool_use", "name") == "Read") note_read(block);
      answer_.push_back(std::move(block));
    }
  }

  void note_read(const std::string& block) {
    if (std::string path = json::raw_text(json::raw_member(block, "input"), "file_path"); !path.empty())
      session_.read_files.push_back(std::move(path));
  }

  void take_user(const Record& record) {
    if (forgotten_.contains(record.uuid)) {
      own_blocks_.clear();
      own_message_ = kNone;
      return;
    }
    std::vector<std::string> blocks = blocks_of(record);
    const bool is_result = !blocks.empty() && !field_of(blocks.front(), "tool_result", "tool_use_id").empty();
    if (is_result) {
      for (std::string& block : blocks) take_result(std::move(block));
      return;
    }
    close_answer();
    own_blocks_ = blocks;
    if (blocks.empty()) return;
    session_.messages.push_back({true, std::move(blocks)});
    own_message_ = session_.messages.size() - 1;
  }

  void take_result(std::string block) {
    for (const std::string_view part : json::raw_elements(json::raw_member(block, "content"))) {
      if (std::string tool = field_of(part, "tool_reference", "tool_name"); !tool.empty())
        session_.loaded_tools.push_back(std::move(tool));
    }
    results_[field_of(block, "tool_result", "tool_use_id")] = std::move(block);
  }

  void take_attachment(std::string_view attachment) {
    const std::string type = json::raw_text(attachment, "type");
    if (type == "behind_results") {
      for (std::string& block : attached_blocks(attachment, {})) behind_.push_back(std::move(block));
    } else if (type == "sent_as" && own_message_ != kNone) {
      std::vector<std::string> blocks = attached_blocks(attachment, own_blocks_);
      if (!blocks.empty()) session_.messages[own_message_].blocks = std::move(blocks);
    }
  }

  // The answer so far and the results of its calls, in the order of the calls.
  void close_answer() {
    std::vector<std::string> kept;
    std::vector<std::string> results;
    size_t lost = 0;
    bool has_more_than_thinking = false;
    for (std::string& block : answer_) {
      const std::string call = field_of(block, "tool_use", "id");
      const auto result = results_.find(call);
      if (!call.empty() && result == results_.end()) {
        ++lost;
        continue;
      }
      if (!call.empty()) results.push_back(std::move(result->second));
      has_more_than_thinking = has_more_than_thinking || field_of(block, "thinking", "type").empty();
      kept.push_back(std::move(block));
    }
    session_.interrupted = lost > 0;
    if (lost > 0) {
      session_.notices.push_back(
          fmt::format("{} tool call{} had no result when the session ended: left out. What {} did may have "
                      "happened all the same.",
                      lost, lost == 1 ? "" : "s", lost == 1 ? "it" : "they"));
    }
    // Thinking alone was asked for again in another answer.
    if (has_more_than_thinking) session_.messages.push_back({false, std::move(kept)});
    if (!results.empty()) {
      results.insert(results.end(), behind_.begin(), behind_.end());
      session_.messages.push_back({true, std::move(results)});
    }
    answer_.clear();
    answer_id_.clear();
    order_.clear();
    results_.clear();
    behind_.clear();
  }

  static constexpr size_t kNone = static_cast<size_t>(-1);
  RestoredSession& session_;
  std::set<std::string> forgotten_;
  std::string answer_id_;
  std::vector<std::string> answer_;
  std::vector<std::string> order_;
  std::map<std::string, std::string> results_;
  std::vector<std::string> behind_;
  std::vector<std::string> own_blocks_;
  size_t own_message_ = kNone;
};

Result<size_t> find_leaf(const std::vector<Record>& records, const std::string& at) {
  if (at.empty()) return records.size() - 1;
  const auto found = std::ranges::find(records, at, &Record::uuid);
  if (found == records.end())
    return fail(ErrorKind::kNotFound, fmt::format("the session has no message with the uuid {}", at));
  return static_cast<size_t>(found - records.begin());
}

}  // namespace

Result<RestoredSession> restore(const os::Path& file, const std::string& at) {
  AWL_TRY(const MappedText mapped, MappedText::open(file));
  const std::string_view text = mapped.view();
  RestoredSession session;
  session.id = file.stem().string();
  size_t unreadable = 0;
  size_t mended = 0;
  std::deque<std::string> mended_lines;
  const std::vector<Record> records =
      read_records(at.empty() ? live_part(text) : text, session, mended_lines, unreadable);
  if (unreadable > 0) {
    session.notices.push_back(fmt::format("{} line{} of the transcript could not be read and {} left out.",
                                          unreadable, unreadable == 1 ? "" : "s",
                                          unreadable == 1 ? "is" : "are"));
  }
  if (records.empty()) return session;
  AWL_TRY(const size_t leaf, find_leaf(records, at));
  const std::vector<const Record*> chain = chain_to(records, leaf, mended);
  if (mended > 0)
    session.notices.push_back(
        fmt::format("{} broken link{} of the transcript healed by the order of the file.", mended,
                    mended == 1 ? "" : "s"));
  Assembler assembler(session);
  assembler.find_forgotten(chain);
  for (const Record* record : chain) assembler.take(*record);
  assembler.finish();
  // The API wants the person first.
  while (!session.messages.empty() && !session.messages.front().from_user)
    session.messages.erase(session.messages.begin());
  session.last_uuid = records[leaf].uuid;
  session.last_timestamp = json::raw_text(records[leaf].line, "timestamp");
  return session;
}

}  // namespace awl::session
