// Does each request begin with the bytes of the one before? The platform's prompt cache serves only what
// does.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "anthropic/conversation.h"

namespace awl::anthropic {

/// Keeps a copy of what was sent last: for whoever looks for a cause (--debug), not for every session.
class PrefixWatch {
 public:
  /// Of a request that is about to be sent: what stands before the messages, and the messages. A sentence
  /// that says where the first byte differs from the request before and what stood there; nullopt: none does,
  /// or it is the first one. Cache markers move with the conversation and do not count.
  std::optional<std::string> check(std::string_view head, const Conversation& conversation);

 private:
  std::string head_;
  std::vector<std::string> messages_;
};

}  // namespace awl::anthropic
