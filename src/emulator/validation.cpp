#include "emulator/validation.h"

#include "emulator/contains.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace awl::emulator {

std::unexpected<ApiError> invalid_at(std::string_view path, std::string_view message) {
  return invalid_request(fmt::format("{}: {}", path, message));
}

std::string join_path(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

std::string join_path(std::string_view path, size_t index) { return fmt::format("{}.{}", path, index); }

ApiResult<> require_object(const json::Value& value, const std::string& path) {
  if (!value.is_object()) return invalid_at(path, "Input should be an object");
  return {};
}

ApiResult<std::string> require_string(const json::Value& object, std::string_view key,
                                      const std::string& path) {
  const json::Value* value = json::find(object, key);
  if (value == nullptr) return invalid_at(join_path(path, key), "Field required");
  if (!value->is_string()) return invalid_at(join_path(path, key), "Input should be a valid string");
  return value->get<std::string>();
}

ApiResult<> allow_only(const json::Value& object, std::initializer_list<std::string_view> keys,
                       const std::string& path) {
  for (const auto& item : object.items()) {
    if (contains(keys, std::string_view(item.key()))) continue;
    return invalid_at(join_path(path, item.key()), "Extra inputs are not permitted");
  }
  return {};
}

}  // namespace awl::emulator
