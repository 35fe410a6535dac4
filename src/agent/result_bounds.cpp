#include "agent/result_bounds.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "base/uuid.h"

namespace awl::agent {

namespace {

// Some 50,000 tokens: more than any tool gives with its defaults.
constexpr size_t kMaxTextBytes = 200'000;
constexpr size_t kBytesPerReadToken = 8;
constexpr size_t kPreviewBytes = 2'000;
constexpr size_t kMaxStructuredBytes = 8 << 20;
constexpr uint32_t kPrivateFile = 0600;

size_t limit_of(const tools::Session& session) {
  return std::max(kMaxTextBytes, session.limits.read_max_output_tokens * kBytesPerReadToken);
}

void bound_blocks(tools::ToolResult& result, const std::string& tool_name, const tools::Session& session) {
  if (result.content_json.size() <= limit_of(session)) return;
  auto blocks = json::parse(result.content_json);
  if (!blocks || !blocks->is_array()) return;
  size_t total = 0;
  for (json::Value& block : *blocks) {
    const auto text = json::get_string(block, "text");
    if (!text || json::string_or_empty(block, "type") != "text") continue;
    total += text->size();
    if (total > limit_of(session)) block["text"] = spill(*text, tool_name, session);
  }
  result.content_json = json::dump(*blocks);
}

}  // namespace

std::string spill(const std::string& text, const std::string& name, const tools::Session& session,
                  std::string_view subject) {
  const os::Path file = session.output_dir / fmt::format("{}-{}.txt", name, random_hex(6));
  auto stored = os::make_directories(session.output_dir, 0700);
  if (stored) stored = os::write_file_atomic(file, text, kPrivateFile);
  const std::string where = stored ? fmt::format("All of it is in this file:\n{}", file.string())
                                   : fmt::format("It could not be stored: {}", describe(stored.error()));
  return fmt::format("{} {} bytes, too many to show. {}\nIt begins:\n\n{}\n…", subject, text.size(), where,
                     utf8_prefix(text, kPreviewBytes));
}

void bound_result(tools::ToolResult& result, const std::string& tool_name, const tools::Session& session) {
  if (result.text.size() > limit_of(session)) result.text = spill(result.text, tool_name, session);
  bound_blocks(result, tool_name, session);
  // An image is as large as it is, and clients show it.
  if (result.structured_json.size() > kMaxStructuredBytes && result.content_json.empty())
    result.structured_json = json::quote(result.text);
}

void append_text(tools::ToolResult& result, std::string_view text) {
  if (result.content_json.empty()) {
    result.text += result.text.empty() ? std::string(text) : fmt::format("\n\n{}", text);
    return;
  }
  auto blocks = json::parse(result.content_json);
  if (!blocks || !blocks->is_array()) return;
  blocks->push_back({{"type", "text"}, {"text", text}});
  result.content_json = json::dump(*blocks);
}

}  // namespace awl::agent
