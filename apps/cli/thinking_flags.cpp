#include "cli/thinking_flags.h"

#include <string>

namespace awl::cli {

Environment with_thinking_flags(const Environment& environment, const Arguments& arguments) {
  if (!arguments.thinking && !arguments.max_thinking_tokens) return environment;
  Environment changed = environment;
  if (arguments.thinking == "disabled") return changed;  // a wish, which the model is told where it must be
  changed.unset("CLAUDE_CODE_DISABLE_THINKING");
  if (arguments.thinking == "adaptive") {
    changed.unset("CLAUDE_CODE_DISABLE_ADAPTIVE_THINKING");
    changed.unset("MAX_THINKING_TOKENS");
  }
  if (arguments.max_thinking_tokens)
    changed.set("MAX_THINKING_TOKENS", std::to_string(*arguments.max_thinking_tokens));
  return changed;
}

}  // namespace awl::cli
