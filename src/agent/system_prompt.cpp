#include "agent/system_prompt.h"

#include <string_view>

namespace awl::embedded {
extern const std::string_view system_prompt_md;
extern const std::string_view system_prompt_short_md;
}  // namespace awl::embedded

namespace awl::agent {

std::vector<std::string> build_system_prompt(const SystemPromptOptions& options,
                                             const std::string& environment) {
  std::vector<std::string> parts;
  if (options.replacement) {
    if (!options.replacement->empty()) parts.push_back(*options.replacement);
    if (!options.appended.empty()) parts.push_back(options.appended);
    return parts;
  }
  parts.emplace_back(options.short_prompt ? embedded::system_prompt_short_md : embedded::system_prompt_md);
  std::string last = options.facts_in_message ? "" : environment;
  if (!options.appended.empty()) last += (last.empty() ? "" : "\n") + options.appended;
  if (!last.empty()) parts.push_back(std::move(last));
  return parts;
}

std::string facts_message(const std::string& environment) {
  return "<system-reminder>\n" + environment + "</system-reminder>";
}

}  // namespace awl::agent
