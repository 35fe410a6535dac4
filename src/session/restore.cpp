#include "session/restore.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
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
  bool is_error = false;
};

Record make_record(std::string_view line, const json::RawObject& fields) {
  return {.uuid = fields.text("uuid"),
          .parent = fields.text("parentUuid"),
          .type = fields.text("type"),
          .subtype = fields.text("subtype"),
          .line = line,
          .message = fields.find("message"),
          .is_error = fields.is_true("isApiErrorMessage")};
}

bool is_compact_boundary(const Record& record) { return record.subtype == "compact_boundary"; }

// What stands before the last compaction is no part of the conversation any more, and is not even parsed.
std::string_view live_part(std::string_view text) {
  constexpr std::string_view kBoundary = R"("subtype":"compact_boundary")";
  constexpr size_t kRare = kBoundary.find('_');  // this byte is looked for, which is fast
  for (size_t left = text.size(); left > 0;) {
    const void* found = ::memrchr(text.data(), kBoundary[kRare], left);
    if (found == nullptr) return text;
    left = static_cast<size_t>(static_cast<const char*>(found) - text.data());
    if (left < kRare || !text.substr(left - kRare).starts_with(kBoundary)) continue;
    const size_t line = text.rfind('\n', left);
    return line == std::string_view::npos ? text : text.substr(line + 1);
  }
  return text;
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
    const json::RawObject fields(line);
    Record record = make_record(line, fields);
    const std::string& type = record.type;
    if (type == "permission-mode") session.permission_mode = fields.text("permissionMode");
    if (type == "agent-setting") session.agent = fields.text("agentSetting");
    const bool counts = type == "user" || type == "assistant" || type == "attachment" || type == "system";
    if (!counts || record.uuid.empty() || fields.is_true("isSidechain")) continue;
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
std::vector<std::string> blocks_of(std::string_view content) {
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

// A block of an answer.
struct AnswerBlock {
  std::string json;
  std::string call;  // of a tool_use its id
  bool is_thinking = false;
};

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
    stopped_ = record.subtype == "interrupted";
    deferred_ = record.subtype == "tool_deferred"
                    ? json::raw_text(json::raw_member(record.line, "deferredToolUse"), "id")
                    : "";
  }

  void finish() {
    close_answer();
    const std::vector<RestoredMessage>& messages = session_.messages;
    // A person who interrupted it wants no more of it; other programs say so in a message.
    if (stopped_) session_.interrupted = false;
    if (stopped_ || messages.empty() || !messages.back().from_user) return;
    session_.interrupted = std::ranges::none_of(messages.back().blocks, [](const std::string& block) {
      return json::raw_text(block, "text").starts_with("[Request interrupted by user");
    });
  }

 private:
  void take_assistant(const Record& record) {
    const json::RawObject message(record.message);
    const std::string id = message.text("id");
    // Errors are no answers.
    if (id.empty() || forgotten_.contains(id) || record.is_error) return;
    if (id != answer_id_) close_answer();
    answer_id_ = id;
    session_.model = message.text("model");
    for (std::string& block : blocks_of(message.find("content"))) {
      const json::RawObject fields(block);
      AnswerBlock taken{"", "", fields.is_of_type("thinking")};
      if (fields.is_of_type("tool_use")) {
        taken.call = fields.text("id");
        if (fields.text("name") == "Read") note_read(fields.find("input"));
      }
      taken.json = std::move(block);
      answer_.push_back(std::move(taken));
    }
  }

  void note_read(std::string_view input) {
    if (std::string path = json::raw_text(input, "file_path"); !path.empty())
      session_.read_files.push_back(std::move(path));
  }

  void take_user(const Record& record) {
    if (forgotten_.contains(record.uuid)) {
      own_blocks_.clear();
      own_message_ = kNone;
      return;
    }
    std::vector<std::string> blocks = blocks_of(json::RawObject(record.message).find("content"));
    if (!blocks.empty() && take_results(blocks)) return;
    close_answer();
    own_blocks_ = blocks;
    if (blocks.empty()) return;
    session_.messages.push_back({true, std::move(blocks), record.uuid});
    own_message_ = session_.messages.size() - 1;
  }

  // False when they are no results of tools.
  bool take_results(std::vector<std::string>& blocks) {
    for (std::string& block : blocks) {
      const json::RawObject fields(block);
      std::string call = fields.is_of_type("tool_result") ? fields.text("tool_use_id") : "";
      if (call.empty() && &block == &blocks.front()) return false;
      for (const std::string_view part : json::raw_elements(fields.find("content"))) {
        const json::RawObject of_part(part);
        if (std::string tool = of_part.is_of_type("tool_reference") ? of_part.text("tool_name") : "";
            !tool.empty())
          session_.loaded_tools.push_back(std::move(tool));
      }
      results_[std::move(call)] = std::move(block);
    }
    return true;
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
    for (AnswerBlock& block : answer_) {
      const auto result = block.call.empty() ? results_.end() : results_.find(block.call);
      const bool is_open = !block.call.empty() && result == results_.end();
      if (is_open && block.call != deferred_) {
        ++lost;
        continue;
      }
      if (is_open) session_.deferred_call = block.json;
      if (!block.call.empty() && !is_open) results.push_back(std::move(result->second));
      has_more_than_thinking = has_more_than_thinking || !block.is_thinking;
      kept.push_back(std::move(block.json));
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
    results_.clear();
    behind_.clear();
  }

  static constexpr size_t kNone = static_cast<size_t>(-1);
  RestoredSession& session_;
  std::set<std::string> forgotten_;
  std::string answer_id_;
  std::vector<AnswerBlock> answer_;
  std::map<std::string, std::string> results_;
  std::vector<std::string> behind_;
  std::vector<std::string> own_blocks_;
  size_t own_message_ = kNone;
  std::string deferred_;  // the call that a hook put off, when nothing followed
  bool stopped_ = false;  // by the person, and nothing was said since
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
