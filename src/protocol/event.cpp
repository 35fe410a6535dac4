#include "protocol/event.h"

namespace awl::protocol {

std::string_view to_string(TurnOutcome outcome) {
  switch (outcome) {
    case TurnOutcome::kSuccess:
      return "success";
    case TurnOutcome::kApiError:
      return "api_error";
    case TurnOutcome::kInterrupted:
      return "interrupted";
    case TurnOutcome::kMaxTurns:
      return "max_turns";
  }
  return "success";
}

}  // namespace awl::protocol
