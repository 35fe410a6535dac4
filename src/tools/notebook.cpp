#include "tools/notebook.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "base/encoding.h"
#include "base/strings.h"
#include "base/utf8.h"

namespace awl::tools {

namespace {

constexpr size_t kMaxOutputBytes = 10'000;  // of one output
constexpr size_t kMaxImages = 20;

// Tracebacks are coloured for terminals.
std::string without_escapes(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\x1b') {
      out += text[i];
      continue;
    }
    if (i + 1 >= text.size() || text[i + 1] != '[') continue;
    i += 2;
    while (i < text.size() && (text[i] < '@' || text[i] > '~')) ++i;
  }
  return out;
}

std::string shortened(std::string text) {
  if (text.size() <= kMaxOutputBytes) return text;
  const size_t whole = text.size();
  return fmt::format("{}\n[{} of {} bytes shown; the rest is in the file]",
                     utf8_prefix(text, kMaxOutputBytes), kMaxOutputBytes, whole);
}

std::string output_text(const json::Value& output) {
  if (const json::Value* text = json::find(output, "text")) return joined_text(*text);
  if (json::string_or_empty(output, "output_type") == "error") {
    const json::Value* traceback = json::find(output, "traceback");
    std::string lines;
    if (traceback != nullptr && traceback->is_array()) {
      for (const json::Value& line : *traceback)
        lines += line.is_string() ? line.get<std::string>() + "\n" : "";
    }
    return fmt::format("{}: {}\n{}", json::string_or_empty(output, "ename"),
                       json::string_or_empty(output, "evalue"), lines);
  }
  const json::Value* data = json::find(output, "data");
  const json::Value* plain = data == nullptr ? nullptr : json::find(*data, "text/plain");
  return plain == nullptr ? "" : joined_text(*plain);
}

// The image of an output; nullopt when it has none, empty when it is no base64.
std::optional<std::string> output_image(const json::Value& output) {
  const json::Value* data = json::find(output, "data");
  if (data == nullptr) return std::nullopt;
  for (const std::string_view type : {"image/png", "image/jpeg", "image/gif", "image/webp"}) {
    const json::Value* encoded = json::find(*data, type);
    if (encoded != nullptr) return from_base64(joined_text(*encoded)).value_or("");
  }
  return std::nullopt;
}

void show_output(const json::Value& output, NotebookView& view, json::Value& shown) {
  const std::string text = shortened(to_utf8(without_escapes(output_text(output))));
  json::Value item = {{"output_type", json::string_or_empty(output, "output_type")}};
  if (!text.empty()) {
    item["text"] = text;
    view.text += fmt::format("[output]\n{}{}", text, text.ends_with('\n') ? "" : "\n");
  }
  std::optional<std::string> image = output_image(output);
  if (image && view.images.size() < kMaxImages) {
    view.images.push_back(std::move(*image));
    view.text += fmt::format("[output: image {} below]\n", view.images.size());
  } else if (image) {
    view.text += "[output: an image, left out because there are many]\n";
  }
  shown.push_back(std::move(item));
}

}  // namespace

bool is_notebook_path(const std::string& path) { return to_lower(path).ends_with(".ipynb"); }

Result<json::Value> parse_notebook(std::string_view text, std::string_view shown) {
  auto notebook = json::parse(text);
  if (!notebook)
    return fail(ErrorKind::kParse, fmt::format("{} is no notebook: {}", shown, notebook.error().message));
  const json::Value* cells = json::find(*notebook, "cells");
  if (cells == nullptr || !cells->is_array()) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("{} is no notebook of format 4: it has no list of cells", shown));
  }
  for (size_t i = 0; i < cells->size(); ++i) {
    if ((*cells)[i].is_object()) continue;
    return fail(ErrorKind::kInvalidInput,
                fmt::format("{} is no valid notebook: cell {} (from 0) is not an object", shown, i));
  }
  return notebook;
}

std::string joined_text(const json::Value& text) {
  if (text.is_string()) return text.get<std::string>();
  std::string out;
  if (!text.is_array()) return out;
  for (const json::Value& line : text) {
    if (line.is_string()) out += line.get_ref<const std::string&>();
  }
  return out;
}

std::string cell_id(const json::Value& notebook, size_t index) {
  auto id = json::get_string(notebook["cells"][index], "id");
  return id ? *id : fmt::format("cell-{}", index);
}

Result<size_t> find_cell(const json::Value& notebook, std::string_view id) {
  const size_t count = notebook["cells"].size();
  std::string ids;
  for (size_t i = 0; i < count; ++i) {
    const std::string name = cell_id(notebook, i);
    if (name == id) return i;
    if (i < 30) ids += fmt::format("{}{}", i == 0 ? "" : ", ", name);
  }
  if (id.starts_with("cell-")) {
    const auto index = parse_integer(id.substr(5));
    if (index && static_cast<size_t>(*index) < count) return static_cast<size_t>(*index);
  }
  return fail(ErrorKind::kInvalidInput, fmt::format("there is no cell `{}`; the notebook has {} cells: {}{}",
                                                    id, count, ids, count > 30 ? " …" : ""));
}

NotebookView show_notebook(const json::Value& notebook) {
  NotebookView view;
  view.cells = json::Value::array();
  std::string language;
  if (const json::Value* metadata = json::find(notebook, "metadata")) {
    if (const json::Value* info = json::find(*metadata, "language_info"))
      language = json::string_or_empty(*info, "name");
  }
  const json::Value& cells = notebook["cells"];
  for (size_t i = 0; i < cells.size(); ++i) {
    const json::Value& cell = cells[i];
    const json::Value* source = json::find(cell, "source");
    const std::string text = source == nullptr ? "" : joined_text(*source);
    const std::string type = json::string_or_empty(cell, "cell_type");
    view.text += fmt::format("{}[cell {}, {}]\n{}{}", i == 0 ? "" : "\n", cell_id(notebook, i), type, text,
                             text.empty() || text.ends_with('\n') ? "" : "\n");
    json::Value shown = {{"cellType", type}, {"source", text}, {"cell_id", cell_id(notebook, i)}};
    if (type == "code" && !language.empty()) shown["language"] = language;
    if (const auto number = json::get_integer(cell, "execution_count")) shown["execution_count"] = *number;
    if (const json::Value* outputs = json::find(cell, "outputs"); outputs != nullptr && outputs->is_array()) {
      json::Value list = json::Value::array();
      for (const json::Value& output : *outputs) show_output(output, view, list);
      shown["outputs"] = std::move(list);
    }
    view.cells.push_back(std::move(shown));
  }
  if (cells.empty()) view.text = "The notebook has no cells.";
  if (view.text.ends_with('\n')) view.text.pop_back();
  view.text = to_utf8(view.text);
  return view;
}

}  // namespace awl::tools
