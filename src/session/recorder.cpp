#include "session/recorder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "anthropic/conversation.h"
#include "base/uuid.h"
#include "json/json.h"
#include "session/pull_request.h"

namespace awl::session {

namespace {

constexpr size_t kMaxPromptShown = 400;

// A message of one text is written as that text.
std::string content_field(const std::vector<std::string>& blocks) {
  if (blocks.size() == 1) {
    const auto block = json::parse(blocks.front());
    if (block && block->size() == 2 && json::string_or_empty(*block, "type") == "text") {
      std::string text = json::string_or_empty(*block, "text");
      if (anthropic::text_block(text) == blocks.front()) return json::quote(text);
    }
  }
  return fmt::format("[{}]", fmt::join(blocks, ","));
}

std::string text_of(const std::vector<std::string>& blocks) {
  for (const std::string& block : blocks) {
    const auto value = json::parse(block);
    if (value && json::string_or_empty(*value, "type") == "text")
      return json::string_or_empty(*value, "text");
  }
  return "";
}

std::string call_of(const std::string& block_json) {
  const auto block = json::parse(block_json);
  return block && json::string_or_empty(*block, "type") == "tool_use" ? json::string_or_empty(*block, "id")
                                                                      : "";
}

}  // namespace

Recorder::Recorder(RecorderOptions options, Clock clock, std::function<void(std::string)> on_problem)
    : options_(std::move(options)),
      clock_(std::move(clock)),
      on_problem_(std::move(on_problem)),
      last_uuid_(options_.last_uuid) {}

bool Recorder::ready() {
  if (file_ || failed_) return file_ != nullptr;
  auto opened = TranscriptFile::open(options_.file);
  if (!opened) {
    failed_ = true;
    on_problem_(fmt::format("This session is not saved: {}", describe(opened.error())));
    return false;
  }
  file_ = std::move(*opened);
  if (!options_.name.empty()) {
    for (const auto& [type, field] :
         {std::pair{"custom-title", "customTitle"}, std::pair{"agent-name", "agentName"}}) {
      write(fmt::format(R"({{"type":"{}","{}":{},"sessionId":{}}})", type, field, json::quote(options_.name),
                        json::quote(options_.session_id)));
    }
  }
  write_state();
  return true;
}

// What a session that goes on with this one restores; the last of them counts.
void Recorder::write_state() {
  if (!options_.agent_id.empty()) return;
  for (const auto& [type, field, value] :
       {std::tuple{"permission-mode", "permissionMode", options_.permission_mode},
        std::tuple{"agent-setting", "agentSetting", options_.agent}}) {
    if (value.empty()) continue;
    write(fmt::format(R"({{"type":"{}","{}":{},"sessionId":{}}})", type, field, json::quote(value),
                      json::quote(options_.session_id)));
  }
}

void Recorder::write(const std::string& line) {
  if (failed_) return;
  const Result<> written = file_->append(line);
  if (written) return;
  failed_ = true;
  on_problem_(
      fmt::format("This session is not saved from here on: {}. It goes on, but cannot be resumed completely.",
                  written.error().message));
}

std::string Recorder::common(const std::string& uuid) const {
  return fmt::format(
      R"("uuid":"{}","parentUuid":{},"isSidechain":{},{}"sessionId":{},"cwd":{},"version":{},"gitBranch":{},"timestamp":"{}","userType":"external","entrypoint":{})",
      uuid, last_uuid_.empty() ? "null" : json::quote(last_uuid_), !options_.agent_id.empty(),
      options_.agent_id.empty() ? "" : fmt::format(R"("agentId":{},)", json::quote(options_.agent_id)),
      json::quote(options_.session_id), json::quote(options_.cwd), json::quote(options_.version),
      json::quote(options_.git_branch), format_iso8601(clock_()), json::quote(options_.entry_point));
}

// `fields` begin with the record's uuid, which the next record follows.
void Recorder::record(const std::string& type, const std::string& fields) {
  if (ready()) write(fmt::format(R"({{"type":"{}",{}}})", type, fields));
}

void Recorder::on_event(const protocol::Event& event) {
  if (const auto* message = std::get_if<protocol::MessageAccepted>(&event)) {
    message_blocks_ = anthropic::content_blocks(message->content_json);
    message_uuid_ = message->uuid;
    prompt_ = text_of(message_blocks_);
    record("user", fmt::format(R"({},"message":{{"role":"user","content":{}}})", common(message->uuid),
                               content_field(message_blocks_)));
    last_uuid_ = message->uuid;
  } else if (const auto* block = std::get_if<protocol::AssistantBlock>(&event)) {
    record(
        "assistant",
        fmt::format(
            R"({},"message":{{"id":{},"type":"message","role":"assistant","model":{},"content":[{}],"stop_reason":null,"stop_sequence":null,"usage":{}}}{})",
            common(block->uuid), json::quote(block->message_id), json::quote(block->model), block->block_json,
            block->usage_json, block->error.empty() ? "" : R"(,"isApiErrorMessage":true)"));
    last_uuid_ = block->uuid;
    if (std::string call = call_of(block->block_json); !call.empty()) calls_[call] = block->uuid;
    note_call(block->block_json);
  } else if (const auto* result = std::get_if<protocol::ToolFinished>(&event)) {
    record(
        "user",
        fmt::format(
            R"({},"message":{{"role":"user","content":[{}]}},"toolUseResult":{},"sourceToolAssistantUUID":{})",
            common(result->uuid), result->result_block_json, result->structured_json,
            json::quote(calls_[result->tool_use_id])));
    last_uuid_ = result->uuid;
    note_result(*result);
  } else if (const auto* call = std::get_if<protocol::CallEnded>(&event)) {
    write_call(*call);
  } else if (const auto* mode = std::get_if<protocol::ModeChanged>(&event)) {
    options_.permission_mode = mode->permission_mode;
    if (file_) write_state();
  } else if (const auto* ended = std::get_if<protocol::TurnEnded>(&event);
             ended != nullptr && file_ && !prompt_.empty()) {
    if (ended->outcome == protocol::TurnOutcome::kInterrupted) {
      const std::string uuid = make_uuid();
      record("system", fmt::format(R"({},"subtype":"interrupted")", common(uuid)));
      last_uuid_ = uuid;
    }
    if (!ended->deferred_call_json.empty()) {
      const std::string uuid = make_uuid();
      record("system", fmt::format(R"({},"subtype":"tool_deferred","deferredToolUse":{})", common(uuid),
                                   ended->deferred_call_json));
      last_uuid_ = uuid;
    }
    // Where a list of sessions sees it, which reads the end of the file alone.
    if (!request_record_.empty()) write(request_record_);
    std::string shown = prompt_.substr(0, kMaxPromptShown);
    write(fmt::format(R"({{"type":"last-prompt","lastPrompt":{},"leafUuid":{},"sessionId":{}}})",
                      json::quote(shown), json::quote(last_uuid_), json::quote(options_.session_id)));
  }
}

void Recorder::note_call(const std::string& block_json) {
  if (!makes_pull_request(block_json)) return;
  request_call_ = call_of(block_json);
}

// The session can be found by the pull request that it made.
void Recorder::note_result(const protocol::ToolFinished& result) {
  if (request_call_.empty() || result.tool_use_id != std::exchange(request_call_, "")) return;
  const auto made = find_pull_request(result.result_block_json);
  if (!made) return;
  request_record_ = fmt::format(
      R"({{"type":"pr-link","sessionId":{},"prNumber":{},"prUrl":{},"prRepository":{},"timestamp":"{}"}})",
      json::quote(options_.session_id), made->number, json::quote(made->url), json::quote(made->repository),
      format_iso8601(clock_()));
}

// No part of the conversation: what a call took, and the ids by which the platform knows it.
void Recorder::write_call(const protocol::CallEnded& call) {
  if (!file_) return;
  const anthropic::TokenUsage& usage = call.usage;
  write(fmt::format(
      R"({{"type":"api-call","sessionId":{},"timestamp":"{}","model":{},"requestId":{},"awsRequestId":{},"principal":{},"workspace":{},"durationMs":{},"costUsd":{:.6f},"inputTokens":{},"outputTokens":{},"cacheReadTokens":{},"cacheWriteTokens":{}}})",
      json::quote(options_.session_id), format_iso8601(clock_()), json::quote(call.model),
      json::quote(call.ids.anthropic), json::quote(call.ids.amzn), json::quote(options_.principal),
      json::quote(options_.workspace), call.took.count(), call.cost_usd, usage.input_tokens,
      usage.output_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens));
}

void Recorder::on_renamed(const std::string& title) {
  if (!ready()) return;
  write(fmt::format(R"({{"type":"custom-title","customTitle":{},"sessionId":{}}})", json::quote(title),
                    json::quote(options_.session_id)));
}

void Recorder::on_sent(const std::vector<std::string>& blocks) {
  if (blocks == message_blocks_) return;
  // What the person wrote is not written twice.
  std::vector<std::string> parts;
  for (const std::string& block : blocks) {
    const auto own = std::ranges::find(message_blocks_, block);
    parts.push_back(own == message_blocks_.end()
                        ? block
                        : fmt::format(R"({{"type":"own","index":{}}})", own - message_blocks_.begin()));
  }
  const std::string uuid = make_uuid();
  record("attachment", fmt::format(R"({},"attachment":{{"type":"sent_as","blocks":[{}]}})", common(uuid),
                                   fmt::join(parts, ",")));
  last_uuid_ = uuid;
}

void Recorder::on_added(const std::vector<std::string>& blocks) {
  const std::string uuid = make_uuid();
  message_blocks_ = blocks;
  message_uuid_ = uuid;
  record("user", fmt::format(R"({},"isMeta":true,"message":{{"role":"user","content":{}}})", common(uuid),
                             content_field(blocks)));
  last_uuid_ = uuid;
}

void Recorder::on_added_to_results(const std::vector<std::string>& blocks) {
  if (blocks.empty()) return;
  const std::string uuid = make_uuid();
  record("attachment", fmt::format(R"({},"attachment":{{"type":"behind_results","blocks":[{}]}})",
                                   common(uuid), fmt::join(blocks, ",")));
  last_uuid_ = uuid;
}

void Recorder::on_compacted(const protocol::CompactionEnded& ended, const std::vector<std::string>& blocks,
                            const std::vector<KeptMessage>& kept) {
  const std::string before = std::exchange(last_uuid_, "");
  record(
      "system",
      fmt::format(
          R"({},"subtype":"compact_boundary","content":"Conversation compacted","logicalParentUuid":{},"compactMetadata":{{"trigger":{},"preTokens":{}}})",
          common(ended.uuid), before.empty() ? "null" : json::quote(before), json::quote(ended.trigger),
          ended.pre_tokens));
  last_uuid_ = ended.uuid;
  std::string uuid = make_uuid();
  record("user", fmt::format(R"({},"isCompactSummary":true,"message":{{"role":"user","content":[{}]}})",
                             common(uuid), fmt::join(blocks, ",")));
  last_uuid_ = std::move(uuid);
  // What stands before the boundary is not read any more.
  write_state();
  for (const KeptMessage& message : kept) {
    uuid = make_uuid();
    // Answers are known by their id.
    const std::string bytes = message.from_user
                                  ? message.bytes
                                  : fmt::format(R"({{"id":"msg_{}",{})", uuid, message.bytes.substr(1));
    record(message.from_user ? "user" : "assistant", fmt::format(R"({},"message":{})", common(uuid), bytes));
    last_uuid_ = uuid;
  }
}

void Recorder::on_message_forgotten() {
  if (message_uuid_.empty()) return;
  const std::string uuid = make_uuid();
  record("system", fmt::format(R"({},"subtype":"forgotten","messageUuid":{})", common(uuid),
                               json::quote(message_uuid_)));
  last_uuid_ = uuid;
}

void Recorder::on_answer_forgotten(const std::string& message_id) {
  const std::string uuid = make_uuid();
  record("system",
         fmt::format(R"({},"subtype":"forgotten","messageId":{})", common(uuid), json::quote(message_id)));
  last_uuid_ = uuid;
}

}  // namespace awl::session
