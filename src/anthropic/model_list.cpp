#include "anthropic/model_list.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace awl::anthropic {

namespace {

constexpr size_t kMaxTextBytes = 256;

// An id goes into requests and on the terminal: nothing but what ids are made of.
bool is_usable_id(std::string_view id) {
  return !id.empty() && id.size() <= kMaxTextBytes && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_.:/@").contains(c);
  });
}

// What people read comes from the network: no control characters, no endless lines.
std::string readable(std::string text) {
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; });
  if (text.size() > kMaxTextBytes) text.clear();
  return text;
}

bool is_supported(const json::Value& object, std::string_view key) {
  const json::Value* capability = json::find(object, key);
  return capability != nullptr && json::get_bool(*capability, "supported").value_or(false);
}

void read_capabilities(ListedModel& model, const json::Value& capabilities) {
  model.has_capabilities = true;
  if (const json::Value* effort = json::find(capabilities, "effort")) {
    model.effort = json::get_bool(*effort, "supported").value_or(false);
    model.effort_xhigh = model.effort && is_supported(*effort, "xhigh");
    model.effort_max = model.effort && is_supported(*effort, "max");
  }
  const json::Value* thinking = json::find(capabilities, "thinking");
  const json::Value* types = thinking == nullptr ? nullptr : json::find(*thinking, "types");
  if (types != nullptr && json::get_bool(*thinking, "supported").value_or(false)) {
    model.thinking_adaptive = is_supported(*types, "adaptive");
    model.thinking_budget = is_supported(*types, "enabled");
  }
}

int64_t count_of(const json::Value& row, std::string_view key) {
  return std::max<int64_t>(0, json::get_integer(row, key).value_or(0));
}

json::Value supported(bool value) { return {{"supported", value}}; }

}  // namespace

const ListedModel* find_listed(const ModelList& list, std::string_view id) {
  const auto found =
      std::find_if(list.begin(), list.end(), [id](const ListedModel& m) { return m.id == id; });
  return found == list.end() ? nullptr : &*found;
}

Result<ModelPage> parse_model_page(const json::Value& body) {
  const json::Value* data = json::find(body, "data");
  if (data == nullptr || !data->is_array())
    return fail(ErrorKind::kParse, "the list of models has no \"data\"");
  ModelPage page;
  for (const json::Value& row : *data) {
    ListedModel model;
    model.id = json::string_or_empty(row, "id");
    if (!is_usable_id(model.id)) continue;
    model.name = readable(json::string_or_empty(row, "display_name"));
    model.created_at = readable(json::string_or_empty(row, "created_at"));
    model.max_input_tokens = count_of(row, "max_input_tokens");
    model.max_output_tokens = count_of(row, "max_tokens");
    if (const json::Value* capabilities = json::find(row, "capabilities");
        capabilities != nullptr && capabilities->is_object()) {
      read_capabilities(model, *capabilities);
    }
    page.models.push_back(std::move(model));
  }
  if (json::get_bool(body, "has_more").value_or(false)) {
    page.next = json::string_or_empty(body, "last_id");
    if (!is_usable_id(page.next)) page.next.clear();
  }
  return page;
}

json::Value to_json(const ListedModel& model) {
  json::Value row{{"id", model.id},
                  {"display_name", model.name},
                  {"created_at", model.created_at},
                  {"max_input_tokens", model.max_input_tokens},
                  {"max_tokens", model.max_output_tokens}};
  if (model.has_capabilities) {
    json::Value effort = supported(model.effort);
    effort["xhigh"] = supported(model.effort_xhigh);
    effort["max"] = supported(model.effort_max);
    json::Value thinking = supported(model.thinking_adaptive || model.thinking_budget);
    thinking["types"] = {{"adaptive", supported(model.thinking_adaptive)},
                         {"enabled", supported(model.thinking_budget)}};
    row["capabilities"] = {{"effort", effort}, {"thinking", thinking}};
  }
  return row;
}

}  // namespace awl::anthropic
