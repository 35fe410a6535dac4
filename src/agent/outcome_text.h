// The sentences for answers that are not what they should be.
#pragma once

#include <string>

#include "anthropic/model_answer.h"

namespace awl::agent {

/// That the answer was cut: why, and that what is shown may not be all of it.
std::string incomplete_notice(const anthropic::ModelAnswer& answer);

/// That the model refused, on what grounds, and what may help.
std::string refusal_sentence(const anthropic::ModelAnswer& answer, const std::string& model);

/// That a limit ended the answer: `max_tokens` or the context window, by its stop reason.
std::string limit_sentence(const anthropic::ModelAnswer& answer);

/// `error` of the assistant message that tells of a cut.
std::string cut_category(const anthropic::ModelAnswer& answer);

}  // namespace awl::agent
