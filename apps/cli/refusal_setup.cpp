#include "cli/refusal_setup.h"

#include <array>
#include <string_view>

#include "cli/request_setup.h"

namespace awl::cli {

namespace {

struct Row {
  std::string_view from;
  std::string_view category;
  std::string_view to;
};
constexpr std::array kRows{
    Row{"claude-fable-5", "bio", "claude-opus-5"},
    Row{"claude-fable-5", "cyber", "claude-opus-4-8"},
    Row{"claude-opus-5", "cyber", "claude-opus-4-8"},
};

}  // namespace

std::vector<agent::RefusalFallback> choose_refusal_fallbacks(const Setup& setup, const Arguments& arguments,
                                                             const std::string& session_id) {
  std::vector<agent::RefusalFallback> fallbacks;
  if (!setup.settings.switch_models_on_flag.value_or(true)) return fallbacks;
  for (const Row& row : kRows) {
    anthropic::ModelChoice model;
    model.requested = row.to;
    model.id = row.to;
    model.source = "refusal";
    model.info = anthropic::find_model(row.to);
    fallbacks.push_back({std::string(row.from), std::string(row.category),
                         make_request_settings(setup, arguments, model, session_id)});
  }
  return fallbacks;
}

}  // namespace awl::cli
