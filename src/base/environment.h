// A snapshot of environment variables. Only apps/* read the process's own; everything else is handed one of
// these.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace awl {

/// NAME=value pairs. A value type; lookups do not allocate.
class Environment {
 public:
  Environment() = default;
  explicit Environment(std::map<std::string, std::string, std::less<>> values) : values_(std::move(values)) {}
  /// Takes a copy of an `environ`-style array: NAME=value strings, closed by a null pointer.
  static Environment from_array(const char* const* entries);

  /// The value, also when it is empty; nullopt when the variable is not set.
  std::optional<std::string> find(std::string_view name) const;
  /// The value, or "" when it is not set.
  std::string get(std::string_view name) const;
  /// True when the variable is set to something that is not empty.
  bool has(std::string_view name) const { return !get(name).empty(); }
  /// is_truthy() of the value.
  bool is_on(std::string_view name) const;

  void set(std::string name, std::string value) {
    values_.insert_or_assign(std::move(name), std::move(value));
  }
  void unset(std::string_view name);

  const std::map<std::string, std::string, std::less<>>& values() const { return values_; }
  /// "NAME=value" strings, sorted by name, for execve.
  std::vector<std::string> to_entries() const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace awl
