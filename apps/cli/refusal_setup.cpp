#include "cli/refusal_setup.h"

#include <array>
#include <string_view>

#include "cli/request_setup.h"

namespace awl::cli {

namespace {

struct StandIn {
  std::string_view from;
  std::string_view category;
  std::string_view to;
};
constexpr std::array kRows{
    StandIn{"claude-fable-5", "bio", "claude-opus-5"},
    StandIn{"claude-fable-5", "cyber", "claude-opus-4-8"},
    StandIn{"claude-opus-5", "cyber", "claude-opus-4-8"},
};

}  // namespace

std::vector<agent::RefusalFallback> choose_refusal_fallbacks(const Setup& setup, const Arguments& arguments,
                                                             const std::string& session_id,
                                                             const std::string& device_id) {
  std::vector<agent::RefusalFallback> fallbacks;
  if (!setup.settings.switch_models_on_flag.value_or(true)) return fallbacks;
  for (const StandIn& row : kRows) {
    auto model = choose_wished_model(setup, std::string(row.to));
    if (!model) continue;
    model->source = "refusal";
    model->us_only = setup.model.us_only;
    fallbacks.push_back({std::string(row.from), std::string(row.category),
                         make_request_settings(setup, arguments, *model, session_id, device_id)});
  }
  return fallbacks;
}

}  // namespace awl::cli
