// The Write tool: whole files.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "os/resolved_file.h"
#include "tools/builtin.h"
#include "tools/diff.h"
#include "tools/file_rules.h"
#include "tools/notebook.h"
#include "tools/text_file.h"

namespace awl::embedded {
extern const std::string_view write_md;
}

namespace awl::tools {

namespace {

constexpr std::string_view kWriteSchema =
    R"({"type":"object","properties":{)"
    R"("file_path":{"type":"string","description":"The file to write"},)"
    R"("content":{"type":"string","description":"All of the file's new content"}},)"
    R"("required":["file_path","content"],"additionalProperties":false})";

json::Value structured(std::string_view shown, std::string_view content, const TextFile* before) {
  json::Value out = {
      {"type", before == nullptr ? "create" : "update"}, {"filePath", shown}, {"content", content}};
  out["structuredPatch"] = json::Value::array();
  out["originalFile"] = nullptr;
  if (before != nullptr && before->bytes().size() <= kLargeFile) {
    out["structuredPatch"] = to_json(make_patch(before->view(), TextFile(std::string(content)).view()));
    out["originalFile"] = before->view();
  }
  return out;
}

// Why the file may not be replaced; "" when it may.
std::string refusal(const Session& session, const os::Path& path, std::string_view shown,
                    const os::FileInfo& info, std::string_view bytes) {
  switch (knowledge_of(session, path, info, bytes)) {
    case Knowledge::kCurrent:
      return "";
    case Knowledge::kStale:
      return fmt::format("{} has changed since you read it: read it again before you write it", shown);
    case Knowledge::kPartial:
      return fmt::format(
          "you have seen only a part of {}: read the rest before you write it, or change it with Edit",
          shown);
    case Knowledge::kUnread:
      break;
  }
  if (!session.strict_read_before_edit && may_read(session, path) && !is_notebook_path(path.string()))
    return "";
  return fmt::format("{} exists and you have not read it: read it before you write it", shown);
}

ToolResult write_file(const json::Value& input, const os::Path& path, Session& session) {
  const std::string shown = to_utf8(json::string_or_empty(input, "file_path"));
  const std::string content = to_utf8(json::string_or_empty(input, "content"));

  std::optional<TextFile> before;
  const auto info = stat_regular(path, shown, session);
  if (info) {
    auto bytes = os::read_resolved_file(path, kMaxEditableFile);
    if (!bytes) return ToolResult::error(describe(bytes.error()));
    if (std::string reason = refusal(session, path, shown, *info, *bytes); !reason.empty())
      return ToolResult::error(reason);
    before.emplace(std::move(*bytes));
  } else if (info.error().kind != ErrorKind::kNotFound) {
    return ToolResult::error(describe(info.error()));
  }
  if (const auto written = write_and_remember(session, path, content); !written) {
    return ToolResult::error(describe(written.error()));
  }
  ToolResult result;
  result.text =
      before ? fmt::format("{} now has the new content.", shown) : fmt::format("{} is created.", shown);
  result.structured_json = json::dump(structured(shown, content, before ? &*before : nullptr));
  return result;
}

class WriteTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value&) const override { return false; }
  Result<Access> access(const json::Value& input, const Session& session) const override {
    return path_access(input, "file_path", Access::Kind::kEdit, session);
  }
  Task<ToolResult> run(const json::Value& input, const Access& access, const std::string&,
                       Session& session) override {
    co_return write_file(input, access.paths[0], session);
  }

 private:
  ToolSpec spec_{"Write", std::string(embedded::write_md), std::string(kWriteSchema)};
};

}  // namespace

std::unique_ptr<Tool> make_write_tool() { return std::make_unique<WriteTool>(); }

}  // namespace awl::tools
