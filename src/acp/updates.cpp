#include "acp/updates.h"

#include <fmt/format.h>

#include <array>

#include "base/columns.h"
#include "protocol/call_subject.h"

namespace awl::acp {

namespace {

constexpr size_t kMaxTitle = 200;

struct KindOf {
  std::string_view tool;
  std::string_view kind;
};
constexpr std::array kKinds{KindOf{"Read", "read"},
                            KindOf{"Edit", "edit"},
                            KindOf{"Write", "edit"},
                            KindOf{"NotebookEdit", "edit"},
                            KindOf{"Grep", "search"},
                            KindOf{"Glob", "search"},
                            KindOf{"Bash", "execute"},
                            KindOf{"WebFetch", "fetch"},
                            KindOf{"WebSearch", "fetch"},
                            KindOf{"ToolSearch", "search"},
                            KindOf{"Agent", "think"},
                            KindOf{"EnterPlanMode", "switch_mode"},
                            KindOf{"ExitPlanMode", "switch_mode"}};

std::string_view kind_of(std::string_view tool) {
  for (const KindOf& known : kKinds) {
    if (known.tool == tool) return known.kind;
  }
  return "other";
}

std::string title_of(const std::string& name, const json::Value& input) {
  const std::string subject = printable(protocol::call_subject(input), kMaxTitle);
  return subject.empty() ? name : fmt::format("{}: {}", name, subject);
}

json::Value text_content(const std::string& text) { return {{"type", "text"}, {"text", text}}; }

// What a tool gave, for people: a difference where it changed a file.
json::Value content_of(const json::Value& block, const json::Value& structured) {
  const std::string path = json::string_or_empty(structured, "filePath");
  const auto before = json::get_string(structured, "oldString");
  const auto after = json::get_string(structured, "newString");
  const auto whole = json::get_string(structured, "content");
  if (!path.empty() && before && after)
    return json::Value::array(
        {{{"type", "diff"}, {"path", path}, {"oldText", *before}, {"newText", *after}}});
  if (!path.empty() && whole && json::string_or_empty(structured, "type") == "create")
    return json::Value::array(
        {{{"type", "diff"}, {"path", path}, {"oldText", nullptr}, {"newText", *whole}}});
  json::Value list = json::Value::array();
  const json::Value* content = json::find(block, "content");
  if (content == nullptr) return list;
  if (content->is_string()) {
    list.push_back({{"type", "content"}, {"content", text_content(content->get<std::string>())}});
    return list;
  }
  for (const json::Value& part : *content) {
    if (json::string_or_empty(part, "type") == "text")
      list.push_back({{"type", "content"}, {"content", text_content(json::string_or_empty(part, "text"))}});
  }
  return list;
}

}  // namespace

json::Value describe_tool_call(const std::string& id, const std::string& name, const json::Value& input) {
  json::Value call{{"toolCallId", id},
                   {"title", title_of(name, input)},
                   {"kind", kind_of(name)},
                   {"status", "pending"},
                   {"rawInput", input}};
  for (const char* key : {"file_path", "notebook_path"}) {
    if (const std::string path = json::string_or_empty(input, key); !path.empty())
      call["locations"] = json::Value::array({{{"path", path}}});
  }
  if (const std::string plan = json::string_or_empty(input, "plan"); name == "ExitPlanMode" && !plan.empty())
    call["content"] = json::Value::array({{{"type", "content"}, {"content", text_content(plan)}}});
  return call;
}

std::string stop_reason(const protocol::TurnEnded& ended) {
  switch (ended.outcome) {
    case protocol::TurnOutcome::kInterrupted:
      return "cancelled";
    case protocol::TurnOutcome::kMaxTurns:
    case protocol::TurnOutcome::kMaxBudget:
      return "max_turn_requests";
    case protocol::TurnOutcome::kSuccess:
      if (ended.stop_reason == "max_tokens" || ended.stop_reason == "refusal") return ended.stop_reason;
      return "end_turn";
    default:
      return "";
  }
}

void Updates::say(std::string_view kind, const std::string& text) {
  if (!text.empty()) send_({{"sessionUpdate", kind}, {"content", text_content(text)}});
}

void Updates::on_event(const protocol::Event& event) {
  if (std::holds_alternative<protocol::SessionStarted>(event)) {
    answered_ = false;
  } else if (const auto* stream = std::get_if<protocol::StreamEvent>(&event)) {
    on_stream(stream->event_json);
  } else if (const auto* block = std::get_if<protocol::AssistantBlock>(&event)) {
    on_block(*block);
  } else if (const auto* result = std::get_if<protocol::ToolFinished>(&event)) {
    on_result(*result);
  } else if (const auto* mode = std::get_if<protocol::ModeChanged>(&event)) {
    send_({{"sessionUpdate", "current_mode_update"}, {"currentModeId", mode->permission_mode}});
  } else if (const auto* notice = std::get_if<protocol::Notice>(&event)) {
    say("agent_thought_chunk", notice->text + "\n");
  } else if (const auto* ended = std::get_if<protocol::TurnEnded>(&event)) {
    if (!answered_) say("agent_message_chunk", ended->text);
  }
}

void Updates::on_stream(const std::string& event_json) {
  const auto event = json::parse(event_json);
  if (!event) return;
  const std::string type = json::string_or_empty(*event, "type");
  if (type == "content_block_start") streamed_ = false;
  const json::Value* delta = json::find(*event, "delta");
  if (type != "content_block_delta" || delta == nullptr) return;
  const std::string text = json::string_or_empty(*delta, "text");
  if (!text.empty()) {
    streamed_ = answered_ = true;
    say("agent_message_chunk", text);
  }
  say("agent_thought_chunk", json::string_or_empty(*delta, "thinking"));
}

void Updates::on_block(const protocol::AssistantBlock& event) {
  const auto block = json::parse(event.block_json);
  if (!block || !event.parent_tool_use_id.empty()) return;
  const std::string type = json::string_or_empty(*block, "type");
  if (type == "text" && !std::exchange(streamed_, false)) {
    answered_ = true;
    say("agent_message_chunk", json::string_or_empty(*block, "text"));
  } else if (type == "tool_use") {
    const json::Value* input = json::find(*block, "input");
    json::Value call =
        describe_tool_call(json::string_or_empty(*block, "id"), json::string_or_empty(*block, "name"),
                           input == nullptr ? json::Value() : *input);
    call["sessionUpdate"] = "tool_call";
    send_(std::move(call));
  }
}

void Updates::on_result(const protocol::ToolFinished& result) {
  if (!result.parent_tool_use_id.empty()) return;
  const auto block = json::parse(result.result_block_json);
  const auto structured = json::parse(result.structured_json);
  if (!block) return;
  const bool failed = json::get_bool(*block, "is_error").value_or(false);
  send_({{"sessionUpdate", "tool_call_update"},
         {"toolCallId", result.tool_use_id},
         {"status", failed ? "failed" : "completed"},
         {"content", content_of(*block, structured && !failed ? *structured : json::Value())}});
}

void Updates::replay(const std::vector<session::RestoredMessage>& messages) {
  for (const session::RestoredMessage& message : messages) {
    for (const std::string& written : message.blocks) {
      const auto block = json::parse(written);
      if (!block) continue;
      const std::string type = json::string_or_empty(*block, "type");
      const std::string text = json::string_or_empty(*block, "text");
      if (type == "text" && !text.starts_with("<system-reminder>")) {
        say(message.from_user ? "user_message_chunk" : "agent_message_chunk", text);
      } else if (type == "tool_use") {
        on_block({.uuid = "",
                  .message_id = "",
                  .model = "",
                  .block_json = written,
                  .usage_json = "",
                  .error = ""});
      } else if (type == "tool_result") {
        on_result({"", json::string_or_empty(*block, "tool_use_id"), written, "null"});
      }
    }
  }
}

}  // namespace awl::acp
