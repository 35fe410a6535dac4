// The Edit tool: exact replacement of text.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/utf8.h"
#include "os/resolved_file.h"
#include "tools/builtin.h"
#include "tools/diff.h"
#include "tools/file_rules.h"
#include "tools/near_miss.h"
#include "tools/notebook.h"
#include "tools/text_file.h"

namespace awl::embedded {
extern const std::string_view edit_md;
}

namespace awl::tools {

namespace {

constexpr std::string_view kEditSchema =
    R"({"type":"object","properties":{)"
    R"("file_path":{"type":"string","description":"The file to change"},)"
    R"("old_string":{"type":"string","description":"The text to replace"},)"
    R"("new_string":{"type":"string","description":"What takes its place"},)"
    R"("replace_all":{"type":"boolean","description":"Replace every occurrence; default: false"}},)"
    R"("required":["file_path","old_string","new_string"],"additionalProperties":false})";
constexpr size_t kMaxNamedPlaces = 10;  // of an ambiguous text
constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

struct EditRequest {
  std::string shown;  // the path as it was given
  os::Path path;
  std::string old_text;
  std::string new_text;
  bool all = false;
};

ToolResult edited(const EditRequest& request, std::string text, std::string_view before,
                  std::string_view after) {
  const bool large = before.size() > kLargeFile;
  json::Value out = {
      {"filePath", request.shown}, {"oldString", request.old_text}, {"newString", request.new_text}};
  out["originalFile"] = large ? json::Value() : json::Value(before);
  out["structuredPatch"] = to_json(make_patch(before, after));
  out["userModified"] = false;
  out["replaceAll"] = request.all;
  ToolResult result;
  result.text = std::move(text);
  result.structured_json = json::dump(out);
  return result;
}

ToolResult create(const EditRequest& request, Session& session) {
  if (const auto written = write_and_remember(session, request.path, request.new_text); !written) {
    return ToolResult::error(describe(written.error()));
  }
  return edited(request, fmt::format("{} is created.", request.shown), "", request.new_text);
}

// Why a file that the model does not know as it is may not be changed; "" when it may.
std::string refusal(const EditRequest& request, const Session& session, Knowledge knowledge) {
  if (knowledge == Knowledge::kCurrent) return "";
  if (!session.strict_read_before_edit && may_read(session, request.path)) return "";
  if (knowledge == Knowledge::kStale) {
    return fmt::format("{} has changed since you read it: read it again before you edit it", request.shown);
  }
  if (knowledge == Knowledge::kPartial) {
    return fmt::format("you have seen only a part of {}: read the lines that you want to edit first",
                       request.shown);
  }
  return fmt::format("you have not read {}: read it before you edit it", request.shown);
}

// Every place of `text`; with `overlapping` also those that share characters, which make a text as ambiguous,
// but no more of them than a message has room for.
std::vector<size_t> find_all(std::string_view view, std::string_view text, bool overlapping) {
  std::vector<size_t> places;
  for (size_t at = view.find(text);
       at != std::string_view::npos && !(overlapping && places.size() > kMaxNamedPlaces);) {
    places.push_back(at);
    at = view.find(text, at + (overlapping ? 1 : text.size()));
  }
  return places;
}

ToolResult not_found(const EditRequest& request, const TextFile& file, Knowledge knowledge) {
  std::string message = fmt::format("old_string is not in {}, and nothing was changed", request.shown);
  if (knowledge == Knowledge::kStale) message += "; the file has changed since you read it, so read it again";
  if (!request.new_text.empty() && file.view().find(request.new_text) != std::string::npos) {
    message += "; new_string is there already, perhaps this edit was made before";
  }
  message += ".";
  if (const std::string near = explain_near_miss(file.view(), request.old_text); !near.empty())
    message += "\n" + near;
  return ToolResult::error(std::move(message));
}

ToolResult ambiguous(const EditRequest& request, std::string_view view, const std::vector<size_t>& places) {
  std::string lines;
  size_t line = 1;
  size_t counted = 0;
  for (size_t i = 0; i < places.size() && i < kMaxNamedPlaces; ++i) {
    line += static_cast<size_t>(std::count(view.begin() + static_cast<ptrdiff_t>(counted),
                                           view.begin() + static_cast<ptrdiff_t>(places[i]), '\n'));
    counted = places[i];
    lines += fmt::format("{}{}", i == 0 ? "" : ", ", line);
  }
  return ToolResult::error(
      fmt::format("old_string is in {} {} times, in lines {}, and nothing was changed: give more of the text "
                  "around the place that you mean, "
                  "or set replace_all",
                  request.shown,
                  places.size() > kMaxNamedPlaces ? fmt::format("more than {}", kMaxNamedPlaces)
                                                  : fmt::to_string(places.size()),
                  lines));
}

bool is_boundary(std::string_view text, size_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
}

// What old and new text share at their ends need not be touched: odd bytes and line endings there stay as
// they are.
struct Trimmed {
  size_t head = 0;
  size_t tail = 0;
};

Trimmed trim_shared(std::string_view a, std::string_view b) {
  Trimmed out;
  const size_t limit = std::min(a.size(), b.size());
  while (out.head < limit && a[out.head] == b[out.head]) ++out.head;
  while (out.head > 0 && !(is_boundary(a, out.head) && is_boundary(b, out.head))) --out.head;
  while (out.tail < limit - out.head && a[a.size() - out.tail - 1] == b[b.size() - out.tail - 1]) ++out.tail;
  while (out.tail > 0 && !(is_boundary(a, a.size() - out.tail) && is_boundary(b, b.size() - out.tail)))
    --out.tail;
  return out;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string success_text(const EditRequest& request, const TextFile& file, Knowledge knowledge, size_t count,
                         std::string_view added) {
  std::string text = fmt::format("{} is changed", request.shown);
  text += request.all ? fmt::format(": {} occurrence{} replaced.", count, count == 1 ? "" : "s")
                      : std::string(".");
  if (knowledge == Knowledge::kStale) {
    text +=
        " It has other changes since you read it: read it again before edits that depend on what is around "
        "them.";
  }
  if (file.has_ill_formed() && !is_utf16(file.encoding()) && !is_ascii(added)) {
    text += " The file has bytes that are not UTF-8; your text was written as UTF-8.";
  }
  return text;
}

ToolResult replace(EditRequest request, const os::FileInfo& info, TextFile file, Session& session) {
  const Knowledge knowledge = knowledge_of(session, request.path, info, file.bytes());
  if (std::string reason = refusal(request, session, knowledge); !reason.empty())
    return ToolResult::error(std::move(reason));
  std::string old_text = request.old_text;
  std::string new_text = request.new_text;
  if (file.has_crlf()) {
    old_text = replace_all(std::move(old_text), "\r\n", "\n");
    new_text = replace_all(std::move(new_text), "\r\n", "\n");
  }
  const auto places = find_all(file.view(), old_text, !request.all);
  if (places.empty()) return not_found(request, file, knowledge);
  if (places.size() > 1 && !request.all) return ambiguous(request, file.view(), places);

  const Trimmed shared = trim_shared(old_text, new_text);
  const size_t removed = old_text.size() - shared.head - shared.tail;
  const std::string_view gone = std::string_view(old_text).substr(shared.head, removed);
  const std::string_view added =
      std::string_view(new_text).substr(shared.head, new_text.size() - shared.head - shared.tail);
  if (file.has_ill_formed() && gone.find(kReplacementCharacter) != std::string_view::npos &&
      added.find(kReplacementCharacter) != std::string_view::npos) {
    return ToolResult::error(fmt::format(
        "{} has bytes that are not UTF-8 (shown as \xEF\xBF\xBD) inside the text that you change, and "
        "they would be lost: make separate edits before and behind them",
        request.shown));
  }
  std::vector<TextFile::Span> spans;
  for (const size_t place : places) spans.push_back({place + shared.head, place + shared.head + removed});
  const TextFile after(file.replace(spans, added));
  const auto seen = session.seen_files.find(request.path);
  const std::optional<SeenFile> before_seen =
      seen == session.seen_files.end() ? std::nullopt : std::optional(seen->second);
  if (const auto written = write_and_remember(session, request.path, after.bytes()); !written) {
    return ToolResult::error(describe(written.error()));
  }
  // The model knows no more of the file than it did: what was unread, partial or stale stays so.
  if (knowledge == Knowledge::kUnread) session.seen_files.erase(request.path);
  if (knowledge == Knowledge::kStale) session.seen_files[request.path] = *before_seen;
  if (knowledge == Knowledge::kPartial) session.seen_files[request.path].partial = true;
  return edited(request, success_text(request, file, knowledge, places.size(), added), file.view(),
                after.view());
}

ToolResult edit_file(EditRequest request, Session& session) {
  if (request.old_text == request.new_text) {
    return ToolResult::error("old_string and new_string are the same: there is nothing to change");
  }
  const auto info = stat_regular(request.path, request.shown, session);
  if (!info) {
    if (info.error().kind == ErrorKind::kNotFound && request.old_text.empty())
      return create(request, session);
    return ToolResult::error(describe(info.error()));
  }
  if (is_notebook_path(request.path.string())) {
    return ToolResult::error(
        fmt::format("{} is a notebook: change its cells with NotebookEdit", request.shown));
  }
  auto bytes = os::read_resolved_file(request.path, kMaxEditableFile);
  if (!bytes) return ToolResult::error(describe(bytes.error()));
  if (!request.old_text.empty()) {
    return replace(std::move(request), *info, TextFile(std::move(*bytes)), session);
  }
  if (bytes->empty()) return create(request, session);
  return ToolResult::error(
      fmt::format("{} exists and has content, so old_string must not be empty: give the text to replace, or "
                  "use Write to replace all",
                  request.shown));
}

class EditTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value&) const override { return false; }
  Result<Access> access(const json::Value& input, const Session& session) const override {
    return path_access(input, "file_path", Access::Kind::kEdit, session);
  }
  Task<ToolResult> run(const json::Value& input, const Access& access, const std::string&,
                       Session& session) override {
    EditRequest request;
    request.shown = to_utf8(json::string_or_empty(input, "file_path"));
    request.path = access.paths[0];
    request.old_text = to_utf8(json::string_or_empty(input, "old_string"));
    request.new_text = to_utf8(json::string_or_empty(input, "new_string"));
    request.all = json::get_bool(input, "replace_all").value_or(false);
    co_return edit_file(std::move(request), session);
  }

 private:
  ToolSpec spec_{"Edit", std::string(embedded::edit_md), std::string(kEditSchema)};
};

}  // namespace

std::unique_ptr<Tool> make_edit_tool() { return std::make_unique<EditTool>(); }

}  // namespace awl::tools
