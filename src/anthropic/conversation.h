// The messages of a conversation, as the bytes that go on the wire.
//
// A message is serialised once, when it is added, and never again: a prefix of the conversation is the same
// bytes in every request, which the prompt cache needs and which keeps thinking signatures valid.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace awl::anthropic {

class Conversation {
 public:
  /// Content blocks as JSON objects; at least one. Consecutive user messages are kept apart; the API joins
  /// them.
  void add_user(const std::vector<std::string>& blocks);
  void add_assistant(const std::vector<std::string>& blocks);

  size_t size() const { return messages_.size(); }
  /// Bytes of all messages; what append_to() will add, without markers.
  size_t size_bytes() const { return size_bytes_; }

  /// Appends `[…]`. `cache_marker` ("" for none) goes into the last block of the last message, and into that
  /// of the user message before it, so that a turn with many blocks still finds the previous turn's entry.
  void append_to(std::string& body, std::string_view cache_marker) const;

 private:
  struct Message {
    std::string bytes;     // {"role":…,"content":[…]}
    size_t marker_at = 0;  // where `,<marker>` goes: before the brace that closes the last block
    bool from_user = false;
  };
  void add(std::string_view role, const std::vector<std::string>& blocks, bool from_user);
  std::vector<Message> messages_;
  size_t size_bytes_ = 0;
};

/// {"type":"text","text":…}
std::string text_block(std::string_view text);

/// The blocks of a message's content, which is a JSON string or an array of content blocks; none when it is
/// neither.
std::vector<std::string> content_blocks(std::string_view content_json);

}  // namespace awl::anthropic
