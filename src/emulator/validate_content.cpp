#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "crypto/sha256.h"
#include "emulator/contains.h"
#include "emulator/message.h"
#include "emulator/validation.h"

namespace awl::emulator {

namespace {

ApiResult<> require_field(const json::Value& block, std::string_view key, const std::string& path) {
  AWL_CHECK(require_string(block, key, path));
  return {};
}

ApiResult<> check_text(const json::Value& block, const std::string& path) {
  AWL_CHECK(allow_only(block, {"type", "text", "cache_control", "citations"}, path));
  AWL_TRY(const std::string text, require_string(block, "text", path));
  if (text.empty()) return invalid_at(path, "text content blocks must be non-empty");
  if (trim(text).empty()) return invalid_at(path, "text content blocks must contain non-whitespace text");
  return {};
}

ApiResult<> check_source(const json::Value& block, const std::string& path) {
  const json::Value* source = json::find(block, "source");
  const std::string source_path = join_path(path, "source");
  if (source == nullptr) return invalid_at(source_path, "Field required");
  AWL_CHECK(require_object(*source, source_path));
  AWL_TRY(const std::string type, require_string(*source, "type", source_path));
  if (type != "base64") return {};
  AWL_TRY(const std::string media_type, require_string(*source, "media_type", source_path));
  AWL_TRY(const std::string data, require_string(*source, "data", source_path));
  if (data.empty()) return invalid_at(join_path(source_path, "data"), "data cannot be empty");
  const bool is_image = json::string_or_empty(block, "type") == "image";
  constexpr std::string_view kImages[] = {"image/jpeg", "image/png", "image/gif", "image/webp"};
  if (is_image && !contains(kImages, media_type)) {
    return invalid_at(join_path(source_path, "media_type"),
                      "Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'");
  }
  return {};
}

ApiResult<> check_thinking_block(const json::Value& block, const std::string& path) {
  AWL_CHECK(allow_only(block, {"type", "thinking", "signature"}, path));
  AWL_TRY(const std::string thinking, require_string(block, "thinking", path));
  AWL_TRY(const std::string signature, require_string(block, "signature", path));
  if (signature.empty()) return invalid_at(join_path(path, "signature"), "Field required");
  if (is_own_signature(signature) && !crypto::constant_time_equal(signature, sign_thinking(thinking))) {
    return invalid_at(
        path,
        "`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. These "
        "blocks must remain as they were in the original response.");
  }
  return {};
}

bool is_tool_id(std::string_view id) {
  return !id.empty() && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

ApiResult<> check_tool_use(const json::Value& block, const std::string& path) {
  AWL_CHECK(
      allow_only(block, {"type", "id", "name", "input", "cache_control", "caller", "toolset_name"}, path));
  AWL_TRY(const std::string id, require_string(block, "id", path));
  if (!is_tool_id(id))
    return invalid_at(join_path(path, "id"), "String should match pattern '^[a-zA-Z0-9_-]+$'");
  AWL_TRY(const std::string name, require_string(block, "name", path));
  if (name.empty()) return invalid_at(join_path(path, "name"), "String should have at least 1 character");
  const json::Value* input = json::find(block, "input");
  if (input == nullptr) return invalid_at(join_path(path, "input"), "Field required");
  if (!input->is_object()) return invalid_at(join_path(path, "input"), "Input should be a valid dictionary");
  return {};
}

ApiResult<> check_result_block(const json::Value& block, const std::string& path) {
  AWL_CHECK(require_object(block, path));
  AWL_TRY(const std::string type, require_string(block, "type", path));
  if (type == "text") return check_text(block, path);
  if (type == "image" || type == "document") return check_source(block, path);
  if (type == "tool_reference") return require_field(block, "tool_name", path);
  if (type == "search_result" || type == "browser_state") return {};
  return invalid_at(path, fmt::format("Input tag '{}' is not one that a tool_result can hold", type));
}

ApiResult<> check_tool_result(const json::Value& block, const std::string& path) {
  AWL_CHECK(allow_only(block, {"type", "tool_use_id", "content", "is_error", "cache_control", "toolset_name"},
                       path));
  AWL_TRY(const std::string id, require_string(block, "tool_use_id", path));
  if (!is_tool_id(id))
    return invalid_at(join_path(path, "tool_use_id"), "String should match pattern '^[a-zA-Z0-9_-]+$'");
  const json::Value* is_error = json::find(block, "is_error");
  if (is_error != nullptr && !is_error->is_boolean()) {
    return invalid_at(join_path(path, "is_error"), "Input should be a valid boolean");
  }
  const json::Value* content = json::find(block, "content");
  const bool failed = json::get_bool(block, "is_error").value_or(false);
  if (failed && (content == nullptr || content->empty() || *content == "")) {
    return invalid_at(path, "content cannot be empty if `is_error` is true");
  }
  if (content == nullptr || content->is_string()) return {};
  if (!content->is_array())
    return invalid_at(join_path(path, "content"), "Input should be a valid string or list");
  for (size_t i = 0; i < content->size(); ++i) {
    AWL_CHECK(check_result_block((*content)[i], join_path(join_path(path, "content"), i)));
  }
  return {};
}

ApiResult<> check_user_block(const json::Value& block, const std::string& type, const std::string& path) {
  if (type == "text") return check_text(block, path);
  if (type == "image" || type == "document") return check_source(block, path);
  if (type == "tool_result") return check_tool_result(block, path);
  if (type == "search_result" || type == "container_upload") return {};
  if (type == "tool_use" || type == "thinking" || type == "redacted_thinking") {
    return invalid_at(path, fmt::format("`{}` blocks can only be in `assistant` messages", type));
  }
  return invalid_at(
      path, fmt::format("Input tag '{}' found using 'type' does not match any of the expected tags", type));
}

ApiResult<> check_assistant_block(const json::Value& block, const std::string& type,
                                  const std::string& path) {
  if (type == "text") return check_text(block, path);
  if (type == "thinking") return check_thinking_block(block, path);
  if (type == "redacted_thinking") return require_field(block, "data", path);
  if (type == "tool_use") return check_tool_use(block, path);
  if (type == "tool_result") return invalid_at(path, "`tool_result` blocks can only be in `user` messages");
  constexpr std::string_view kServer[] = {"server_tool_use", "mcp_tool_use", "container_upload", "compaction",
                                          "fallback"};
  if (contains(kServer, type) || type.ends_with("_tool_result")) return {};
  return invalid_at(
      path, fmt::format("Input tag '{}' found using 'type' does not match any of the expected tags", type));
}

ApiResult<> check_blocks(const json::Value& content, const std::string& role, const std::string& path) {
  for (size_t i = 0; i < content.size(); ++i) {
    const std::string block_path = join_path(path, i);
    AWL_CHECK(require_object(content[i], block_path));
    AWL_TRY(const std::string type, require_string(content[i], "type", block_path));
    if (role == "user") {
      AWL_CHECK(check_user_block(content[i], type, block_path));
    } else if (role == "assistant") {
      AWL_CHECK(check_assistant_block(content[i], type, block_path));
    } else if (type == "text") {
      AWL_CHECK(check_text(content[i], block_path));
    } else if (type != "tool_addition" && type != "tool_removal") {
      return invalid_at(block_path,
                        fmt::format("Input tag '{}' is not one that a system message can hold", type));
    }
  }
  return {};
}

ApiResult<> check_message(const json::Value& message, const std::string& path, bool is_last) {
  AWL_CHECK(require_object(message, path));
  AWL_CHECK(allow_only(message, {"role", "content"}, path));
  AWL_TRY(const std::string role, require_string(message, "role", path));
  if (role != "user" && role != "assistant" && role != "system") {
    return invalid_at(join_path(path, "role"), "Input should be 'user' or 'assistant'");
  }
  const json::Value* content = json::find(message, "content");
  const std::string content_path = join_path(path, "content");
  if (content == nullptr) return invalid_at(content_path, "Field required");
  if (!content->is_string() && !content->is_array())
    return invalid_at(content_path, "Input should be a valid string or list");
  const bool is_empty =
      content->is_string() ? content->get_ref<const std::string&>().empty() : content->empty();
  if (is_empty && !(is_last && role == "assistant")) {
    return invalid_at(
        path, "all messages must have non-empty content except for the optional final assistant message");
  }
  if (content->is_string()) {
    const bool is_blank = !is_empty && trim(content->get_ref<const std::string&>()).empty();
    if (is_blank) return invalid_at(content_path, "text content blocks must contain non-whitespace text");
    return {};
  }
  AWL_CHECK(check_blocks(*content, role, content_path));
  const std::string last_type = content->empty() ? "" : json::string_or_empty(content->back(), "type");
  if (role == "assistant" && (last_type == "thinking" || last_type == "redacted_thinking")) {
    return invalid_at(path, "The final block in an assistant message cannot be `thinking`.");
  }
  return {};
}

ApiResult<> check_system(const json::Value& request) {
  const json::Value* system = json::find(request, "system");
  if (system == nullptr || system->is_string()) return {};
  if (!system->is_array()) return invalid_at("system", "Input should be a valid string or list");
  for (size_t i = 0; i < system->size(); ++i) {
    const std::string path = join_path("system", i);
    AWL_CHECK(require_object((*system)[i], path));
    AWL_TRY(const std::string type, require_string((*system)[i], "type", path));
    if (type != "text") return invalid_at(join_path(path, "type"), "Input should be 'text'");
    AWL_CHECK(check_text((*system)[i], path));
  }
  return {};
}

}  // namespace

ApiResult<> validate_content(const json::Value& request) {
  AWL_CHECK(check_system(request));
  const json::Value* messages = json::find(request, "messages");
  if (messages == nullptr) return invalid_at("messages", "Field required");
  if (!messages->is_array()) return invalid_at("messages", "Input should be a valid list");
  if (messages->empty()) return invalid_at("messages", "at least one message is required");
  for (size_t i = 0; i < messages->size(); ++i) {
    AWL_CHECK(check_message((*messages)[i], join_path("messages", i), i + 1 == messages->size()));
  }
  if (json::string_or_empty(messages->front(), "role") != "user") {
    return invalid_at("messages.0", "the first message must use the user role");
  }
  return {};
}

}  // namespace awl::emulator
