#include "agent/tool_output.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/strings.h"

namespace awl::agent {

namespace {

std::optional<std::string> join_strings(const json::Value& object, std::string_view key) {
  const json::Value* list = json::find(object, key);
  if (list == nullptr || !list->is_array()) return std::nullopt;
  std::string text;
  for (const json::Value& item : *list) {
    if (!item.is_string()) return std::nullopt;
    text += (text.empty() ? "" : "\n") + item.get<std::string>();
  }
  return text;
}

std::optional<std::string> shell_text(const json::Value& output) {
  const auto out = json::get_string(output, "stdout");
  if (!out) return std::nullopt;
  const std::string err = json::string_or_empty(output, "stderr");
  return err.empty() ? *out : fmt::format("{}{}{}", *out, out->empty() ? "" : "\n", err);
}

std::optional<std::string> file_text(const json::Value& output) {
  const json::Value* file = json::find(output, "file");
  const auto content = file == nullptr ? std::nullopt : json::get_string(*file, "content");
  if (!content) return std::nullopt;
  long long number = json::get_integer(*file, "startLine").value_or(1);
  std::string text;
  for (const std::string_view line : split(*content, '\n'))
    text += fmt::format("{}{}\t{}", text.empty() ? "" : "\n", number++, line);
  return text;
}

std::optional<std::string> text_of(const std::string& tool_name, const json::Value& output) {
  if (!output.is_object()) return std::nullopt;
  if (tool_name == "Bash") return shell_text(output);
  if (tool_name == "Read") return file_text(output);
  if (tool_name == "Glob") return join_strings(output, "filenames");
  if (tool_name == "Grep") {
    if (auto content = json::get_string(output, "content")) return content;
    return join_strings(output, "filenames");
  }
  if (tool_name == "WebFetch") return json::get_string(output, "result");
  if (tool_name.starts_with("mcp__")) return json::dump(output);
  return std::nullopt;
}

}  // namespace

bool replace_output(tools::ToolResult& result, const std::string& tool_name, const std::string& output_json) {
  const auto output = json::parse(output_json);
  if (!output) return false;
  const bool was_text = result.structured_json.empty();
  if (output->is_string() && (was_text || tool_name.starts_with("mcp__"))) {
    result.text = output->get<std::string>();
    result.content_json.clear();
  } else if (output->is_array() && tool_name.starts_with("mcp__")) {
    result.content_json = output_json;
  } else if (auto text = text_of(tool_name, *output)) {
    result.text = std::move(*text);
    result.content_json.clear();
  } else {
    return false;
  }
  result.structured_json = output_json;
  return true;
}

}  // namespace awl::agent
