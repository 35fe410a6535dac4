#include "agent/system_prompt.h"

#include <string_view>

namespace awl::embedded {
extern const std::string_view system_prompt_md;
extern const std::string_view system_prompt_short_md;
}  // namespace awl::embedded

namespace awl::agent {

namespace {

// Without the section about work on code.
std::string without_coding(std::string_view prompt) {
  const size_t begin = prompt.find("# How you work");
  const size_t end = prompt.find("# Tools");
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin)
    return std::string(prompt);
  return std::string(prompt.substr(0, begin)) + std::string(prompt.substr(end));
}

}  // namespace

std::vector<std::string> build_system_prompt(const SystemPromptOptions& options,
                                             const std::string& environment) {
  std::vector<std::string> parts;
  if (options.replacement) {
    if (!options.replacement->empty()) parts.push_back(*options.replacement);
    if (!options.appended.empty()) parts.push_back(options.appended);
    return parts;
  }
  if (options.agent) {
    parts.push_back(*options.agent);
  } else if (options.short_prompt) {
    parts.emplace_back(embedded::system_prompt_short_md);
  } else {
    parts.push_back(options.drops_coding ? without_coding(embedded::system_prompt_md)
                                         : std::string(embedded::system_prompt_md));
  }
  std::string last = options.facts_in_message ? "" : environment;
  if (!options.style.empty()) last += (last.empty() ? "" : "\n") + options.style;
  if (!options.appended.empty()) last += (last.empty() ? "" : "\n") + options.appended;
  if (!last.empty()) parts.push_back(std::move(last));
  return parts;
}

std::string facts_message(const std::string& environment) {
  return "<system-reminder>\n" + environment + "</system-reminder>";
}

}  // namespace awl::agent
