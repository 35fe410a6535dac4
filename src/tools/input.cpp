#include "tools/input.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace awl::tools {

namespace {

bool wants(const json::Value& property, std::string_view type) {
  const json::Value* given = json::find(property, "type");
  if (given == nullptr) return false;
  if (given->is_string()) return given->get_ref<const std::string&>() == type;
  return given->is_array() && std::find(given->begin(), given->end(), type) != given->end();
}

bool refuses_null(const json::Value& property) {
  return json::find(property, "type") != nullptr && !wants(property, "null");
}

bool is_optional(const json::Value& schema, const std::string& name) {
  const json::Value* required = json::find(schema, "required");
  return required == nullptr || !required->is_array() ||
         std::find(required->begin(), required->end(), name) == required->end();
}

std::optional<json::Value> to_number(const std::string& text) {
  long long whole = 0;
  const char* end = text.data() + text.size();
  if (const auto parsed = std::from_chars(text.data(), end, whole);
      parsed.ec == std::errc() && parsed.ptr == end) {
    return json::Value(whole);
  }
  double number = 0;
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || !std::isfinite(number)) return std::nullopt;
  return json::Value(number);
}

void coerce_one(json::Value& value, const json::Value& property) {
  const bool integer = wants(property, "integer");
  if (value.is_string() && !wants(property, "string")) {
    const auto& text = value.get_ref<const std::string&>();
    if (wants(property, "boolean") && (text == "true" || text == "false")) {
      value = text == "true";
    } else if (integer || wants(property, "number")) {
      if (auto number = to_number(text)) value = std::move(*number);
    }
  }
  if (integer && value.is_number_float()) {
    const auto number = value.get<double>();
    if (std::trunc(number) == number && std::abs(number) < 9e15) value = static_cast<long long>(number);
  }
}

}  // namespace

Result<json::Value> coerce(const json::Value& input, const json::Value& schema) {
  if (!input.is_object()) return fail(ErrorKind::kInvalidInput, "the input must be a JSON object");
  json::Value out = input;
  const json::Value* properties = json::find(schema, "properties");
  if (properties == nullptr) return out;
  for (auto it = out.begin(); it != out.end();) {
    const json::Value* property = json::find(*properties, it.key());
    if (property != nullptr && it->is_null() && is_optional(schema, it.key()) && refuses_null(*property)) {
      it = out.erase(it);
      continue;
    }
    if (property != nullptr) coerce_one(*it, *property);
    ++it;
  }
  return out;
}

void rename_keys(json::Value& input, const std::vector<std::pair<std::string, std::string>>& names) {
  if (!input.is_object()) return;
  for (const auto& [written, meant] : names) {
    if (!input.contains(written) || input.contains(meant)) continue;
    json::Value value = std::move(input[written]);
    input.erase(written);
    input[meant] = std::move(value);
  }
}

}  // namespace awl::tools
