// Keeps a conversation from getting stuck on its images and documents: on too many of them, or on one that
// the platform refuses. What cannot be sent is replaced by a text that says so (docs/adr/0013-pictures.md).
#pragma once

#include <optional>
#include <string>

#include "anthropic/api_error.h"
#include "anthropic/conversation.h"
#include "anthropic/models.h"
#include "base/error.h"

namespace awl::agent {

/// Images that the API takes in one request to that model.
size_t max_images(const anthropic::ModelChoice& model);

class MediaRelief {
 public:
  explicit MediaRelief(anthropic::Conversation& conversation) : conversation_(conversation) {}

  /// Before a request: takes the oldest images and documents out when there are more of them, or more bytes,
  /// than a request may have. Those of the last message, which were just sent, leave last and only as far as
  /// they must. The sentence for the person; nullopt: nothing was done. Errors: kInvalidInput
  /// when the text alone is too large.
  Result<std::optional<std::string>> make_room(size_t image_limit);

  /// After a refused request: takes out what was refused. The sentence for the person, and the request should
  /// be made again; nullopt: the refusal was about something else, or nothing is left to take out.
  std::optional<std::string> after_refusal(const anthropic::CallError& error);

 private:
  anthropic::Conversation& conversation_;
  int refusals_left_ = 10;
};

}  // namespace awl::agent
