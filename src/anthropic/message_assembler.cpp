#include "anthropic/message_assembler.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/uuid.h"

namespace awl::anthropic {

namespace {

void append(std::string& target, const json::Value& delta, std::string_view key) {
  const json::Value* piece = json::find(delta, key);
  if (piece != nullptr && piece->is_string()) target += piece->get_ref<const std::string&>();
}

void set_input(ContentBlock& result, json::Value& block, const std::string& text) {
  json::Value input = json::Value::object();
  if (!text.empty()) {
    auto parsed = json::parse(text);
    if (parsed && parsed->is_object()) {
      input = std::move(*parsed);
    } else {
      result.tool_input_error = parsed ? "the input is not a JSON object" : parsed.error().message;
    }
  } else if (const json::Value* given = json::find(block, "input"); given != nullptr && given->is_object()) {
    input = *given;
  }
  block["input"] = input;
  result.tool_input = std::move(input);
}

// The API takes tool names of this form only, also in what is sent back to it.
std::string sendable_name(std::string_view name) {
  constexpr size_t kMaxNameBytes = 128;
  std::string result(name.substr(0, kMaxNameBytes));
  for (char& c : result) {
    const bool fits =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!fits) c = '_';
  }
  return result.empty() ? "unnamed" : result;
}

bool is_whole_object(const std::string& text) {
  if (text.empty()) return false;
  const auto parsed = json::parse(text);
  return parsed && parsed->is_object();
}

}  // namespace

bool ContentBlock::can_be_sent_back() const { return type != "text" || !trim(text).empty(); }

Result<std::optional<ContentBlock>> MessageAssembler::take(ParsedEvent event) {
  if (finished_) return std::nullopt;
  if (auto* error = std::get_if<StreamError>(&event)) {
    error_type_ = error->type;
    return fail(ErrorKind::kApi, error->message.empty() ? "the stream ended with an error" : error->message,
                "", error->type);
  }
  if (std::holds_alternative<OtherEvent>(event)) return std::nullopt;
  if (auto* start = std::get_if<MessageStart>(&event)) {
    AWL_CHECK(on_start(std::move(*start)));
    return std::nullopt;
  }
  if (!started_) return fail(ErrorKind::kParse, "the stream does not begin with message_start");
  if (auto* block = std::get_if<BlockStart>(&event)) {
    if (open_.contains(block->index))
      return fail(ErrorKind::kParse, "a content block of the stream begins twice");
    open_[block->index].block = std::move(block->block);
  } else if (auto* delta = std::get_if<BlockDelta>(&event)) {
    AWL_CHECK(on_delta(std::move(*delta)));
  } else if (auto* stop = std::get_if<BlockStop>(&event)) {
    auto node = open_.extract(stop->index);
    if (node.empty()) {
      if (closed_.contains(stop->index)) return std::nullopt;
      return fail(ErrorKind::kParse, "a content block of the stream ends that never began");
    }
    closed_.insert(stop->index);
    return finish(std::move(node.mapped()));
  } else if (auto* message = std::get_if<MessageDelta>(&event)) {
    if (!message->stop_reason.empty()) {
      stop_reason_ = std::move(message->stop_reason);
      stop_details_ = std::move(message->stop_details);
    }
    on_usage(message->usage);
  } else if (std::holds_alternative<MessageStop>(event)) {
    finished_ = true;
  }
  return std::nullopt;
}

std::vector<ContentBlock> MessageAssembler::close_open(bool only_whole_calls) {
  std::vector<ContentBlock> blocks;
  for (auto& [index, open] : open_) {
    const bool whole_call =
        json::string_or_empty(open.block, "type") == "tool_use" && is_whole_object(open.input);
    if (!only_whole_calls || whole_call) blocks.push_back(finish(std::move(open)));
  }
  open_.clear();
  return blocks;
}

Result<> MessageAssembler::on_start(MessageStart event) {
  if (started_) return fail(ErrorKind::kParse, "the stream holds two messages");
  started_ = true;
  message_id_ = std::move(event.id);
  model_ = std::move(event.model);
  usage_json_ = json::Value::object();
  on_usage(event.usage);
  return {};
}

Result<> MessageAssembler::on_delta(BlockDelta event) {
  const auto found = open_.find(event.index);
  if (found == open_.end())
    return fail(ErrorKind::kParse, "a delta of the stream belongs to no content block");
  OpenBlock& open = found->second;
  if (event.type == "text_delta") {
    append(open.text, event.delta, "text");
  } else if (event.type == "thinking_delta") {
    append(open.text, event.delta, "thinking");
  } else if (event.type == "signature_delta") {
    append(open.signature, event.delta, "signature");
  } else if (event.type == "input_json_delta") {
    open.has_input = true;
    append(open.input, event.delta, "partial_json");
  } else if (event.type == "citations_delta") {
    if (const json::Value* citation = json::find(event.delta, "citation")) {
      if (!open.block["citations"].is_array()) open.block["citations"] = json::Value::array();
      open.block["citations"].push_back(*citation);
    }
  }
  return {};
}

void MessageAssembler::on_usage(const json::Value& usage) {
  if (!usage.is_object()) return;
  merge_usage(usage_, usage);
  for (const auto& [key, value] : usage.items()) {
    if (!value.is_null()) usage_json_[key] = value;
  }
}

ContentBlock MessageAssembler::finish(OpenBlock open) {
  ContentBlock result;
  json::Value& block = open.block;
  result.type = json::string_or_empty(block, "type");
  if (result.type == "text") {
    result.text = json::string_or_empty(block, "text") + open.text;
    block["text"] = result.text;
  } else if (result.type == "thinking") {
    block["thinking"] = json::string_or_empty(block, "thinking") + open.text;
    block["signature"] = json::string_or_empty(block, "signature") + open.signature;
  } else if (result.type == "tool_use" || open.has_input) {
    set_input(result, block, open.input);
    finish_call(result, block);
  }
  result.json = json::dump(block);
  return result;
}

// What goes back to the API must have an id of its own and a name, also when a gateway left them out.
void MessageAssembler::finish_call(ContentBlock& result, json::Value& block) {
  result.tool_use_id = json::string_or_empty(block, "id");
  result.tool_name = json::string_or_empty(block, "name");
  if (!result.is_tool_use()) return;
  if (result.tool_use_id.empty() || !call_ids_.insert(result.tool_use_id).second) {
    result.tool_use_id = "toolu_" + replace_all(make_uuid(), "-", "");
    block["id"] = result.tool_use_id;
  }
  if (std::string name = sendable_name(result.tool_name); name != result.tool_name)
    block["name"] = std::move(name);
}

}  // namespace awl::anthropic
