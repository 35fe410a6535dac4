#include "agent/local_command.h"

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "json/json.h"

namespace awl::agent {

std::optional<std::string> compact_wishes(const std::vector<std::string>& blocks) {
  constexpr std::string_view kCommand = "/compact";
  if (blocks.size() != 1) return std::nullopt;
  const auto block = json::parse(blocks.front());
  const std::string text = block ? json::string_or_empty(*block, "text") : "";
  const std::string_view words = trim(text);
  if (!words.starts_with(kCommand)) return std::nullopt;
  const std::string_view rest = words.substr(kCommand.size());
  if (!rest.empty() && rest.front() != ' ' && rest.front() != '\n') return std::nullopt;
  return std::string(trim(rest));
}

}  // namespace awl::agent
