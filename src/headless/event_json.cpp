#include "headless/event_json.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/uuid.h"
#include "json/json.h"

namespace awl::headless {

namespace {

using json::quote;

std::string string_list(const std::vector<std::string>& items) {
  std::vector<std::string> quoted;
  for (const std::string& item : items) quoted.push_back(quote(item));
  return fmt::format("[{}]", fmt::join(quoted, ","));
}

// [{"name":…,"<second>":…},…]
std::string pair_list(const std::vector<std::pair<std::string, std::string>>& items,
                      std::string_view second) {
  std::vector<std::string> objects;
  for (const auto& [name, value] : items)
    objects.push_back(fmt::format(R"({{"name":{},"{}":{}}})", quote(name), second, quote(value)));
  return fmt::format("[{}]", fmt::join(objects, ","));
}

std::string quote_or_null(const std::string& text) { return text.empty() ? "null" : quote(text); }

}  // namespace

bool is_about_hook(const protocol::Event& event) {
  return std::holds_alternative<protocol::HookStarted>(event) ||
         std::holds_alternative<protocol::HookEnded>(event);
}

std::string EventFormatter::common(std::string_view uuid) const {
  return fmt::format(R"(,"session_id":{},"uuid":"{}")", quote(label_.session_id), uuid);
}

std::vector<std::string> EventFormatter::format_task(const protocol::TaskChanged& task) const {
  const std::string id = quote(task.task_id);
  std::vector<std::string> messages;
  messages.push_back(
      fmt::format(R"({{"type":"system","subtype":"task_updated","task_id":{},"patch":{{"status":{}}}{}}})",
                  id, quote(task.status), common(make_uuid())));
  // While a turn runs the model hears of it with the next tool result, and the stream says no more.
  if (in_turn_) return messages;
  messages.push_back(fmt::format(
      R"({{"type":"system","subtype":"task_notification","task_id":{},"tool_use_id":{},"status":{},"output_file":{},"summary":{}{}}})",
      id, quote(task.tool_use_id), quote(task.status), quote(task.output_file), quote(task.summary),
      common(make_uuid())));
  return messages;
}

std::vector<std::string> EventFormatter::format_compaction(const protocol::CompactionEnded& ended) const {
  std::vector<std::string> messages;
  messages.push_back(fmt::format(
      R"({{"type":"system","subtype":"status","status":null,"compact_result":"{}"{}{}}})",
      ended.error.empty() ? "success" : "failed",
      ended.error.empty() ? "" : R"(,"compact_error":)" + quote(ended.error), common(make_uuid())));
  if (!ended.error.empty()) return messages;
  messages.push_back(fmt::format(
      R"({{"type":"system","subtype":"compact_boundary","compact_metadata":{{"trigger":{},"pre_tokens":{}}}{}}})",
      quote(ended.trigger), ended.pre_tokens, common(ended.uuid)));
  messages.push_back(fmt::format(
      R"({{"type":"user","message":{{"role":"user","content":{}}},"parent_tool_use_id":null,"isSynthetic":true{}}})",
      quote(ended.summary), common(make_uuid())));
  return messages;
}

std::vector<std::string> EventFormatter::format(const protocol::Event& event) {
  if (const auto* e = std::get_if<protocol::StreamEvent>(&event)) {
    return {fmt::format(R"({{"type":"stream_event","event":{},"parent_tool_use_id":null{}}})", e->event_json,
                        common(make_uuid()))};
  }
  if (const auto* e = std::get_if<protocol::AssistantBlock>(&event)) {
    return {fmt::format(
        R"({{"type":"assistant","message":{{"id":{},"type":"message","role":"assistant","model":{},"content":[{}],"stop_reason":null,"stop_sequence":null,"usage":{}}},"parent_tool_use_id":{}{}{}}})",
        quote(e->message_id), quote(e->model), e->block_json, e->usage_json,
        quote_or_null(e->parent_tool_use_id), e->error.empty() ? "" : R"(,"error":)" + quote(e->error),
        common(e->uuid))};
  }
  if (const auto* e = std::get_if<protocol::ToolFinished>(&event)) {
    return {fmt::format(
        R"({{"type":"user","message":{{"role":"user","content":[{}]}},"parent_tool_use_id":{}{},"tool_use_result":{}}})",
        e->result_block_json, quote_or_null(e->parent_tool_use_id), common(e->uuid), e->structured_json)};
  }
  if (const auto* e = std::get_if<protocol::SubagentPrompt>(&event)) {
    return {fmt::format(
        R"({{"type":"user","message":{{"role":"user","content":[{{"type":"text","text":{}}}]}},"parent_tool_use_id":{}{}}})",
        quote(e->prompt), quote_or_null(e->parent_tool_use_id), common(e->uuid))};
  }
  if (const auto* e = std::get_if<protocol::MessageAccepted>(&event)) {
    return {fmt::format(
        R"({{"type":"user","message":{{"role":"user","content":{}}},"parent_tool_use_id":null,"isReplay":true{}}})",
        e->content_json, common(e->uuid))};
  }
  if (const auto* e = std::get_if<protocol::SessionStarted>(&event)) {
    in_turn_ = true;
    return {fmt::format(
        R"({{"type":"system","subtype":"init","cwd":{},"tools":{},"mcp_servers":{},"model":{},"permissionMode":{},"slash_commands":{},"apiKeySource":{},"claude_code_version":{},"output_style":{},"agents":{},"skills":{},"plugins":{},"fast_mode_state":"off"{}}})",
        quote(e->cwd), string_list(e->tools), pair_list(e->mcp_servers, "status"), quote(e->model),
        quote(e->permission_mode), string_list(e->slash_commands), quote(e->credential_source),
        quote(label_.version), quote(e->output_style), string_list(e->agents), string_list(e->skills),
        pair_list(e->plugins, "path"), common(make_uuid()))};
  }
  if (const auto* e = std::get_if<protocol::RetryScheduled>(&event)) {
    return {fmt::format(
        R"({{"type":"system","subtype":"api_retry","attempt":{},"max_retries":{},"retry_delay_ms":{},"error_status":{},"error":{}{}}})",
        e->attempt, e->max_retries, e->delay.count(), e->status ? std::to_string(*e->status) : "null",
        quote(e->category), common(make_uuid()))};
  }
  if (const auto* e = std::get_if<protocol::TaskStarted>(&event)) {
    return {fmt::format(
        R"({{"type":"system","subtype":"task_started","task_id":{},"tool_use_id":{},"description":{},"task_type":{}{}}})",
        quote(e->task_id), quote(e->tool_use_id), quote(e->description), quote(e->task_type),
        common(make_uuid()))};
  }
  if (const auto* e = std::get_if<protocol::TaskChanged>(&event)) return format_task(*e);
  if (std::holds_alternative<protocol::CompactionStarted>(event))
    return {fmt::format(R"({{"type":"system","subtype":"status","status":"compacting"{}}})",
                        common(make_uuid()))};
  if (const auto* e = std::get_if<protocol::CompactionEnded>(&event)) return format_compaction(*e);
  if (const auto* e = std::get_if<protocol::ModeChanged>(&event)) {
    return {fmt::format(R"({{"type":"system","subtype":"status","status":null,"permissionMode":{}{}}})",
                        quote(e->permission_mode), common(make_uuid()))};
  }
  if (const auto* e = std::get_if<protocol::HookStarted>(&event)) {
    return {fmt::format(
        R"({{"type":"system","subtype":"hook_started","hook_id":{},"hook_name":{},"hook_event":{}{}}})",
        quote(e->hook_id), quote(e->name), quote(e->event), common(make_uuid()))};
  }
  if (const auto* e = std::get_if<protocol::HookEnded>(&event)) {
    return {fmt::format(
        R"({{"type":"system","subtype":"hook_response","hook_id":{},"hook_name":{},"hook_event":{},"output":{},"stdout":{},"stderr":{},"exit_code":{},"outcome":{}{}}})",
        quote(e->hook_id), quote(e->name), quote(e->event), quote(e->out + e->err), quote(e->out),
        quote(e->err), e->exit_code, quote(e->outcome), common(make_uuid()))};
  }
  if (const auto* e = std::get_if<protocol::Notice>(&event)) {
    return {fmt::format(R"({{"type":"system","subtype":"informational","content":{}{}}})", quote(e->text),
                        common(make_uuid()))};
  }
  const auto* ended = std::get_if<protocol::TurnEnded>(&event);
  if (ended == nullptr) return {};
  in_turn_ = false;
  return {result_json(*ended, label_)};
}

}  // namespace awl::headless
