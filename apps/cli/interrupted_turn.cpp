#include "cli/interrupted_turn.h"

#include <chrono>

#include "aws/timestamp.h"
#include "base/strings.h"

namespace awl::cli {

namespace {

// What is no number of milliseconds must not make an old prompt run.
constexpr std::chrono::hours kCautiousAge{1};

bool is_too_old(const session::RestoredSession& restored, const std::string& limit, TimePoint now) {
  if (trim(limit).empty()) return false;
  const auto number = parse_integer(trim(limit));
  if (number && *number == 0) return false;
  const auto most = number && *number > 0 ? std::chrono::milliseconds(*number) : kCautiousAge;
  const auto last = aws::parse_timestamp(restored.last_timestamp);
  return !last || now - *last > most;
}

}  // namespace

std::string words_to_go_on(const session::RestoredSession& restored, const Environment& environment,
                           TimePoint now) {
  if (!restored.interrupted || !environment.is_on("CLAUDE_CODE_RESUME_INTERRUPTED_TURN")) return "";
  if (is_too_old(restored, environment.get("CLAUDE_CODE_RESUME_INTERRUPTED_TURN_MAX_AGE_MS"), now)) return "";
  const std::string own = environment.get("CLAUDE_CODE_RESUME_PROMPT");
  if (!trim(own).empty()) return own;
  return "The program ended before you were done. Go on with the task where you left off.";
}

}  // namespace awl::cli
