// The routes that are emulated.
#pragma once

#include <string>
#include <string_view>

namespace awl::emulator {

struct Route {
  enum class Kind { kMessages, kCountTokens, kModels, kModel, kOther };
  Kind kind = Kind::kOther;
  std::string path;
  std::string query;
  std::string model;  ///< kModel
};

Route route_of(std::string_view target);

/// As faults name it: "messages", "count_tokens", "models", or "".
std::string_view route_name(const Route& route);

}  // namespace awl::emulator
