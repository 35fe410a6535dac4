#include "base/environment.h"

#include "base/strings.h"

namespace awl {

Environment Environment::from_array(const char* const* entries) {
  Environment environment;
  for (; entries != nullptr && *entries != nullptr; ++entries) {
    const std::string_view entry = *entries;
    const size_t equals = entry.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    environment.set(std::string(entry.substr(0, equals)), std::string(entry.substr(equals + 1)));
  }
  return environment;
}

std::optional<std::string> Environment::find(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::string Environment::get(std::string_view name) const { return find(name).value_or(""); }

bool Environment::is_on(std::string_view name) const { return is_truthy(get(name)); }

void Environment::unset(std::string_view name) {
  if (const auto found = values_.find(name); found != values_.end()) values_.erase(found);
}

std::vector<std::string> Environment::to_entries() const {
  std::vector<std::string> entries;
  entries.reserve(values_.size());
  for (const auto& [name, value] : values_) entries.push_back(name + "=" + value);
  return entries;
}

}  // namespace awl
