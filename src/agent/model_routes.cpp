#include "agent/model_routes.h"

#include <utility>

#include "agent/engine.h"

namespace awl::agent {

void ModelRoutes::prepare(std::vector<std::string> system_texts) {
  system_texts_ = std::move(system_texts);
  list_.clear();
  list_.push_back(make(first()));
  for (const anthropic::RequestSettings& fallback : options_.fallbacks) list_.push_back(make(fallback));
}

// In place: a request in progress looks at its route.
void ModelRoutes::refresh() {
  for (size_t i = 0; i < list_.size(); ++i) list_[i] = make(i == 0 ? first() : options_.fallbacks[i - 1]);
}

void ModelRoutes::use_for_turn(anthropic::RequestSettings settings) {
  settings.left_out.insert(options_.request.left_out.begin(), options_.request.left_out.end());
  for_turn_ = std::move(settings);
  if (are_ready()) list_.front() = make(first());
}

void ModelRoutes::end_turn() {
  if (!for_turn_) return;
  for_turn_.reset();
  if (are_ready()) list_.front() = make(first());
}

const anthropic::RequestSettings& ModelRoutes::first() const {
  return for_turn_ ? *for_turn_ : options_.request;
}

ModelRoute ModelRoutes::make(anthropic::RequestSettings settings) const {
  settings.system_texts = system_texts_;
  settings.tool_definitions = tools_.definitions();
  settings.tool_search = tools_.search_is_on();
  anthropic::RequestBuilder requests(options_.provider, settings);
  for (const std::string& definition : tools_.loaded_definitions()) requests.add_tool(definition);
  return {settings.model, std::move(requests), settings.not_found_hint};
}

void ModelRoutes::add_tool(const std::string& definition) {
  for (ModelRoute& route : list_) route.requests.add_tool(definition);
}

bool ModelRoutes::switch_model(const anthropic::StopDetails& refusal) {
  for (const RefusalFallback& fallback : options_.refusal_fallbacks) {
    if (fallback.category != refusal.category || fallback.from != options_.request.model.info.id) continue;
    options_.request = fallback.request;
    for_turn_.reset();
    list_.front() = make(first());
    return true;
  }
  return false;
}

bool ModelRoutes::leave_out(const std::vector<std::string>& features) {
  const size_t before = options_.request.left_out.size();
  const auto add_to = [&features](anthropic::RequestSettings& request) {
    request.left_out.insert(features.begin(), features.end());
  };
  add_to(options_.request);
  if (options_.request.left_out.size() == before) return false;
  for (anthropic::RequestSettings& fallback : options_.fallbacks) add_to(fallback);
  for (RefusalFallback& fallback : options_.refusal_fallbacks) add_to(fallback.request);
  prepare(std::move(system_texts_));
  if (options_.on_left_out) options_.on_left_out(features);
  return true;
}

}  // namespace awl::agent
