#include "agent/outcome_text.h"

#include <fmt/format.h>

namespace awl::agent {

std::string incomplete_notice(const anthropic::ModelAnswer& answer) {
  std::string_view what = "The connection was lost";
  if (answer.cut_cause == anthropic::CutCause::kServer) what = "The server reported an error";
  if (answer.cut_cause == anthropic::CutCause::kStalled) what = "The response stopped arriving";
  return fmt::format("API error: {} mid-response. What stands above may be incomplete. Cause: {}", what,
                     answer.cut_reason);
}

std::string refusal_sentence(const anthropic::ModelAnswer& answer, const std::string& model) {
  std::string sentence = fmt::format("API error: {} refused to answer this (stop reason: refusal", model);
  if (!answer.stop_details.category.empty()) sentence += ", category " + answer.stop_details.category;
  sentence += ").";
  if (!answer.stop_details.explanation.empty()) sentence += " " + answer.stop_details.explanation;
  sentence +=
      " The whole conversation is judged, not the last message alone: a new session, other words or another "
      "--model may help.";
  return sentence + describe(answer.ids);
}

std::string limit_sentence(const anthropic::ModelAnswer& answer) {
  if (answer.stop_reason == "max_tokens") {
    return "API error: the answer is longer than the limit on output tokens and ends here. "
           "CLAUDE_CODE_MAX_OUTPUT_TOKENS sets the limit.";
  }
  return "API error: the answer filled the model's context window and ends here (stop reason: " +
         answer.stop_reason + "). Start a new session for what is left to do.";
}

std::string cut_category(const anthropic::ModelAnswer& answer) {
  return answer.cut_cause == anthropic::CutCause::kServer ? "server_error" : "unknown";
}

}  // namespace awl::agent
