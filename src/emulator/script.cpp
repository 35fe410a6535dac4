#include "emulator/script.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "emulator/contains.h"
#include "emulator/conversation.h"

namespace awl::emulator {

namespace {

/// Text of a user message, that of tool results included.
std::string all_text(const json::Value& message) {
  const json::Value* content = json::find(message, "content");
  if (content == nullptr) return "";
  std::string text = text_of(*content);
  if (!content->is_array()) return text;
  for (const json::Value& block : *content) {
    const json::Value* inner = json::find(block, "content");
    if (inner != nullptr) text += "\n" + text_of(*inner);
  }
  return text;
}

bool holds(const Condition& when, const json::Value& request) {
  const json::Value& messages = *json::find(request, "messages");
  if (when.system_contains) {
    const json::Value* system = json::find(request, "system");
    if (system == nullptr || !text_of(*system).contains(*when.system_contains)) return false;
  }
  if (when.last_user_contains) {
    const auto last = std::find_if(messages.rbegin(), messages.rend(), [](const json::Value& message) {
      return json::string_or_empty(message, "role") == "user";
    });
    if (last == messages.rend() || !all_text(*last).contains(*when.last_user_contains)) return false;
  }
  if (when.messages_contain && std::ranges::none_of(messages, [&](const json::Value& message) {
        return all_text(message).contains(*when.messages_contain);
      })) {
    return false;
  }
  if (when.model_contains && !json::string_or_empty(request, "model").contains(*when.model_contains))
    return false;
  const std::vector<std::string> tools = offered_tools(request);
  if (when.tool && !contains(tools, *when.tool)) return false;
  return !when.has_tools || *when.has_tools == !tools.empty();
}

class Script : public Model {
 public:
  explicit Script(Scenario scenario) : scenario_(std::move(scenario)), uses_(scenario_.rules.size(), 0) {}

  Step next(const json::Value& request) override {
    const size_t answers = answers_in_turn(*json::find(request, "messages"));
    for (size_t i = 0; i < scenario_.rules.size(); ++i) {
      const Rule& rule = scenario_.rules[i];
      if (rule.times && uses_[i] >= *rule.times) continue;
      if (!holds(rule.when, request)) continue;
      const size_t use = uses_[i]++;
      if (rule.steps.size() == 1) return rule.steps.front();
      return rule.times ? rule.steps[std::min(use, rule.steps.size() - 1)] : step_at(rule.steps, answers);
    }
    return step_at(scenario_.steps, answers);
  }

 private:
  static Step step_at(const std::vector<Step>& steps, size_t index) {
    if (index < steps.size()) return steps[index];
    Step end;
    end.content.push_back(text_block("The scenario has no further step for this conversation."));
    return end;
  }

  Scenario scenario_;
  std::vector<size_t> uses_;
};

}  // namespace

std::unique_ptr<Model> make_script(Scenario scenario) {
  return std::make_unique<Script>(std::move(scenario));
}

}  // namespace awl::emulator
