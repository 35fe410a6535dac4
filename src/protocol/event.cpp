#include "protocol/event.h"

namespace awl::protocol {

std::string_view terminal_reason(const TurnEnded& ended) {
  switch (ended.outcome) {
    case TurnOutcome::kSuccess:
      return ended.deferred_call_json.empty() ? "completed" : "tool_deferred";
    case TurnOutcome::kApiError:
      return "api_error";
    case TurnOutcome::kInterrupted:
      return ended.in_tools ? "aborted_tools" : "aborted_streaming";
    case TurnOutcome::kMaxTurns:
      return "max_turns";
    case TurnOutcome::kMaxBudget:
      return "budget_exhausted";
    case TurnOutcome::kImageError:
      return "image_error";
    case TurnOutcome::kNoStructuredOutput:
      return "structured_output_retry_exhausted";
  }
  return "completed";
}

}  // namespace awl::protocol
