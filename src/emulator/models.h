// The models that the emulator lists. Source: platform docs, "Models overview", "Models API",
// "Troubleshooting thinking".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "emulator/api_error.h"

namespace awl::emulator {

struct ModelInfo {
  std::string_view id;
  std::string_view alias;  ///< a second name that requests may use; often the id itself
  std::string_view display_name;
  std::string_view created_at;
  long long max_input_tokens = 0;
  long long max_tokens = 0;
  bool adaptive_thinking = false;           ///< thinking.type "adaptive"
  bool extended_thinking = false;           ///< thinking.type "enabled" with a budget
  bool thinking_always_on = false;          ///< "disabled" is refused
  bool high_effort_needs_thinking = false;  ///< "disabled" is refused with effort xhigh or max
  bool has_sampling = false;                ///< temperature and its like may differ from their defaults
  bool has_prefill = false;                 ///< the last message may be the assistant's
  long long min_cacheable_tokens = 1'024;   ///< shorter prefixes are not cached
  double input_usd_per_mtok = 0;
  double output_usd_per_mtok = 0;
};

/// Latest first, as the API lists them.
std::span<const ModelInfo> all_models();

/// By id or alias; nullptr when it is not listed.
const ModelInfo* find_model(std::string_view name);

/// The body of GET /v1/models. Reads limit (1 to 1000, 20), after_id and before_id of `query`. Errors: 400.
ApiResult<std::string> models_page(std::string_view query);

/// The body of GET /v1/models/{id}. Errors: 404.
ApiResult<std::string> model_body(std::string_view name);

}  // namespace awl::emulator
