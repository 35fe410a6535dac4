// Jupyter notebooks (nbformat 4): cells by id, as the model reads and names them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/json.h"

namespace awl::tools {

bool is_notebook_path(const std::string& path);

/// Parses and checks that there are cells. Errors: kParse, kInvalidInput.
Result<json::Value> parse_notebook(std::string_view text, std::string_view shown);

/// A text that nbformat stores as one string or as a list of lines.
std::string joined_text(const json::Value& text);

/// The id of cell `index`; cells of old notebooks have none and are called cell-0, cell-1 …
std::string cell_id(const json::Value& notebook, size_t index);

/// The place of the cell called `id`. Errors: kInvalidInput, with the ids that there are.
Result<size_t> find_cell(const json::Value& notebook, std::string_view id);

struct NotebookView {
  std::string text;                 ///< for the model
  std::vector<std::string> images;  ///< the bytes of the images of outputs, in order, unchecked
  json::Value cells;                ///< for clients: cellType, source, language, cell_id, outputs
};
NotebookView show_notebook(const json::Value& notebook);

}  // namespace awl::tools
