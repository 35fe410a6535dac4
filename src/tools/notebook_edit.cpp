// The NotebookEdit tool: one cell of a Jupyter notebook at a time.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "base/uuid.h"
#include "os/resolved_file.h"
#include "tools/builtin.h"
#include "tools/file_rules.h"
#include "tools/notebook.h"

namespace awl::embedded {
extern const std::string_view notebook_edit_md;
}

namespace awl::tools {

namespace {

constexpr std::string_view kNotebookEditSchema =
    R"({"type":"object","properties":{)"
    R"("notebook_path":{"type":"string","description":"The notebook to change"},)"
    R"("cell_id":{"type":"string","description":"The cell, by the id that Read shows"},)"
    R"("new_source":{"type":"string","description":"The cell's new source"},)"
    R"("cell_type":{"type":"string","enum":["code","markdown"],"description":"Required for insert"},)"
    R"("edit_mode":{"type":"string","enum":["replace","insert","delete"],"description":"Default: replace"}},)"
    R"("required":["notebook_path"],"additionalProperties":false})";

struct NotebookEditRequest {
  std::string shown;  // the path as it was given
  os::Path path;
  std::optional<std::string> id;
  bool has_source = false;
  std::string source;
  std::string type;  // empty: as it is
  std::string mode;
  std::optional<std::string> old_source;  // found by apply(): of the cell that is replaced or deleted
};

NotebookEditRequest to_notebook_edit_request(const json::Value& input, os::Path path) {
  NotebookEditRequest request;
  request.shown = to_utf8(json::string_or_empty(input, "notebook_path"));
  request.path = std::move(path);
  request.id = json::get_string(input, "cell_id");
  request.has_source = json::get_string(input, "new_source").has_value();
  request.source = to_utf8(json::string_or_empty(input, "new_source"));
  request.type = json::string_or_empty(input, "cell_type");
  request.mode = json::get_string(input, "edit_mode").value_or("replace");
  return request;
}

// As nbformat writes it: a list of lines, each with its newline.
json::Value to_nbformat_lines(std::string_view text) {
  json::Value lines = json::Value::array();
  while (!text.empty()) {
    const size_t newline = text.find('\n');
    const size_t length = newline == std::string_view::npos ? text.size() : newline + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

bool has_ids(const json::Value& notebook) {
  const long long major = json::get_integer(notebook, "nbformat").value_or(4);
  return major > 4 || (major == 4 && json::get_integer(notebook, "nbformat_minor").value_or(0) >= 5);
}

// The fields that a cell of `type` must and must not have.
void fit_type(json::Value& cell, const std::string& type) {
  cell["cell_type"] = type;
  if (type == "code") {
    cell["execution_count"] = nullptr;
    cell["outputs"] = json::Value::array();
  } else {
    cell.erase("execution_count");
    cell.erase("outputs");
  }
}

void replace_cell(json::Value& cell, const NotebookEditRequest& request) {
  const json::Value* source = json::find(cell, "source");
  const bool as_string = source != nullptr && source->is_string();
  cell["source"] = as_string ? json::Value(request.source) : to_nbformat_lines(request.source);
  fit_type(cell, request.type.empty() ? json::string_or_empty(cell, "cell_type") : request.type);
}

json::Value new_cell(const json::Value& notebook, const NotebookEditRequest& request) {
  json::Value cell = {{"cell_type", request.type}};
  if (has_ids(notebook)) cell["id"] = random_hex(4);
  cell["metadata"] = json::Value::object();
  fit_type(cell, request.type);
  cell["source"] = to_nbformat_lines(request.source);
  return cell;
}

// Applies the request; gives the id of the cell that it was about.
Result<std::string> apply(json::Value& notebook, NotebookEditRequest& request) {
  json::Value& cells = notebook["cells"];
  if (request.mode != "delete" && !request.has_source)
    return fail(ErrorKind::kInvalidInput, "`new_source` is required");
  if (request.mode == "insert") {
    size_t place = 0;
    if (request.type.empty())
      return fail(ErrorKind::kInvalidInput, "`cell_type` is required to insert a cell");
    if (request.id) {
      AWL_TRY(const size_t target, find_cell(notebook, *request.id));
      place = target + 1;
    }
    cells.insert(cells.begin() + static_cast<ptrdiff_t>(place), new_cell(notebook, request));
    return cell_id(notebook, place);
  }
  if (!request.id)
    return fail(ErrorKind::kInvalidInput, fmt::format("`cell_id` is required to {} a cell", request.mode));
  AWL_TRY(const size_t place, find_cell(notebook, *request.id));
  const std::string id = cell_id(notebook, place);
  if (const json::Value* source = json::find(cells[place], "source"))
    request.old_source = joined_text(*source);
  if (request.mode == "delete") {
    cells.erase(place);
    return id;
  }
  replace_cell(cells[place], request);
  request.type = json::string_or_empty(cells[place], "cell_type");
  return id;
}

std::string refusal(const NotebookEditRequest& request, Knowledge knowledge) {
  switch (knowledge) {
    case Knowledge::kCurrent:
      return "";
    case Knowledge::kStale:
      return fmt::format("{} has changed since you read it: read it again before you edit it", request.shown);
    default:
      return fmt::format("you have not read {}: read it before you edit it", request.shown);
  }
}

ToolResult success(const NotebookEditRequest& request, const std::string& id, const json::Value& notebook,
                   std::string_view before, std::string_view after) {
  ToolResult result;
  const std::string_view what = request.mode == "insert"   ? "is inserted"
                                : request.mode == "delete" ? "is deleted"
                                                           : "is changed";
  result.text = fmt::format("Cell {} of {} {}.", id, request.shown, what);
  std::string language = "python";
  if (const json::Value* metadata = json::find(notebook, "metadata")) {
    const json::Value* info = json::find(*metadata, "language_info");
    if (info != nullptr) language = json::get_string(*info, "name").value_or(language);
  }
  const bool large = before.size() > kLargeFile;
  json::Value structured = {{"new_source", request.source}};
  if (request.old_source) structured["old_source"] = to_utf8(*request.old_source);
  structured.update({{"cell_id", id},
                     {"cell_type", request.type.empty() ? "code" : request.type},
                     {"language", language},
                     {"edit_mode", request.mode},
                     {"error", ""},
                     {"notebook_path", request.shown},
                     {"original_file", large ? "" : before},
                     {"updated_file", large ? "" : after}});
  result.structured_json = json::dump(structured);
  return result;
}

ToolResult edit_notebook(NotebookEditRequest request, Session& session) {
  if (!is_notebook_path(request.path.string())) {
    return ToolResult::error(fmt::format("{} is not a notebook (.ipynb): use Edit", request.shown));
  }
  const auto info = stat_regular(request.path, request.shown, session);
  if (!info) return ToolResult::error(describe(info.error()));
  const auto bytes = os::read_resolved_file(request.path, kMaxEditableFile);
  if (!bytes) return ToolResult::error(describe(bytes.error()));
  std::string reason = refusal(request, knowledge_of(session, request.path, *info, *bytes));
  if (!reason.empty()) return ToolResult::error(std::move(reason));
  auto notebook = parse_notebook(*bytes, request.shown);
  if (!notebook) return ToolResult::error(describe(notebook.error()));
  const auto id = apply(*notebook, request);
  if (!id) return ToolResult::error(describe(id.error()));
  const std::string after = json::dump_pretty(*notebook, 1);
  if (const auto written = write_and_remember(session, request.path, after); !written) {
    return ToolResult::error(describe(written.error()));
  }
  return success(request, *id, *notebook, to_utf8(*bytes), after);
}

class NotebookEditTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value&) const override { return false; }
  Result<Access> access(const json::Value& input, const Session& session) const override {
    return path_access(input, "notebook_path", Access::Kind::kEdit, session);
  }
  Task<ToolResult> run(const json::Value& input, const Access& access, const std::string&,
                       Session& session) override {
    co_return edit_notebook(to_notebook_edit_request(input, access.paths[0]), session);
  }

 private:
  ToolSpec spec_{"NotebookEdit", std::string(embedded::notebook_edit_md), std::string(kNotebookEditSchema),
                 /*deferred=*/true};
};

}  // namespace

std::unique_ptr<Tool> make_notebook_edit_tool() { return std::make_unique<NotebookEditTool>(); }

}  // namespace awl::tools
