#include "agent/system_prompt.h"

#include <string_view>

namespace awl::embedded {
extern const std::string_view system_prompt_md;
}

namespace awl::agent {

std::vector<std::string> build_system_prompt(const SystemPromptOptions& options,
                                             const std::string& environment) {
  std::vector<std::string> parts;
  if (options.replacement) {
    if (!options.replacement->empty()) parts.push_back(*options.replacement);
    if (!options.appended.empty()) parts.push_back(options.appended);
    return parts;
  }
  parts.emplace_back(embedded::system_prompt_md);
  parts.push_back(options.appended.empty() ? environment : environment + "\n" + options.appended);
  return parts;
}

}  // namespace awl::agent
