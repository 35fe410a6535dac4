#include "agent/reminder.h"

#include <fmt/format.h>

#include "base/strings.h"

namespace awl::agent {

std::string reminder(std::string_view text) {
  return fmt::format("<system-reminder>\n{}\n</system-reminder>", text);
}

std::string deferred_tools_reminder(const std::vector<std::string>& names) {
  return reminder(fmt::format(
      "There are more tools than those described to you. Load what you need with ToolSearch, which gives "
      "you a tool's parameters; only then call it.\n{}",
      join(names, "\n")));
}

}  // namespace awl::agent
