// The models that the platform offers a workspace. Source: platform documentation, "List Models".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/json.h"

namespace awl::anthropic {

struct ListedModel {
  std::string id;
  std::string name;               ///< for people; may be empty
  std::string created_at;         ///< RFC 3339; may be empty
  int64_t max_input_tokens = 0;   ///< the context window; 0: not said
  int64_t max_output_tokens = 0;  ///< 0: not said
  bool has_capabilities = false;  ///< what follows was said
  bool effort = false;
  bool effort_xhigh = false;
  bool effort_max = false;
  bool thinking_adaptive = false;
  bool thinking_budget = false;
};

/// In the platform's order: newest first.
using ModelList = std::vector<ListedModel>;

/// The row of `id`, or nullptr.
const ListedModel* find_listed(const ModelList& list, std::string_view id);

struct ModelPage {
  ModelList models;
  std::string next;  ///< what to ask for the page after this one with (after_id); empty: it is the last
};

/// The body of one page. Rows without an id are left out. Errors: kParse.
Result<ModelPage> parse_model_page(const json::Value& body);

/// One row as the API writes it, as far as it is understood here; for a cache.
json::Value to_json(const ListedModel& model);

}  // namespace awl::anthropic
