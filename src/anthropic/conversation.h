// The messages of a conversation, as the bytes that go on the wire.
//
// A message is serialised once, when it is added, and never again: a prefix of the conversation is the same
// bytes in every request, which the prompt cache needs and which keeps thinking signatures valid.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace awl::anthropic {

/// A block with images or documents in it: one of them itself, or a tool result that holds some.
struct MediaPlace {
  size_t message = 0;     ///< from 0, as the API counts in its errors
  size_t block = 0;       ///< of that message's content, from 0
  size_t size_bytes = 0;  ///< of the images and documents
};

class Conversation {
 public:
  /// Content blocks as JSON objects; at least one. Consecutive user messages are kept apart; the API joins
  /// them.
  /// `id`: what find() knows the message by; empty: nothing.
  void add_user(const std::vector<std::string>& blocks, std::string id = {});
  void add_assistant(const std::vector<std::string>& blocks);
  /// Takes the message that was added last out again: the API refused it and would refuse it every time.
  void drop_last();

  /// Drops all but the first `count` messages.
  void keep_first(size_t count);

  /// Puts one message of the user in the place of all but the last `kept` messages.
  void replace_start(const std::vector<std::string>& blocks, size_t kept);

  /// {"role":…,"content":[…]}
  std::string_view bytes_of(size_t message) const { return messages_[message].bytes; }
  bool is_from_user(size_t message) const { return messages_[message].from_user; }

  /// The message that was added with this id.
  std::optional<size_t> find(std::string_view id) const;

  size_t size() const { return messages_.size(); }
  /// Bytes of all messages; what append_to() will add, without markers.
  size_t size_bytes() const { return size_bytes_; }
  /// Bytes of all messages, each image and document counted as the text that costs about as many tokens: its
  /// base64 says nothing about that.
  size_t counted_bytes() const { return counted_bytes_; }

  /// Images that every request carries.
  size_t image_count() const { return images_; }
  /// Where images and documents are, oldest first. Parses the messages: for when something is wrong.
  std::vector<MediaPlace> media() const;
  /// Puts a text in the place of what media() found. The one change of what was added: the start of the
  /// conversation is then no longer the same bytes, so it is for what could not be sent otherwise.
  void replace_media(const MediaPlace& place, std::string_view note);

  /// Appends `[…]`. `cache_marker` ("" for none) goes into the last block of the last message, and into that
  /// of the user message before it, so that a turn with many blocks still finds the previous turn's entry.
  void append_to(std::string& body, std::string_view cache_marker) const;

 private:
  struct Message {
    std::string bytes;     // {"role":…,"content":[…]}
    size_t marker_at = 0;  // where `,<marker>` goes: before the brace that closes the last block
    size_t images = 0;
    size_t counted = 0;  // see counted_bytes()
    bool from_user = false;
    std::string id;
  };
  static Message serialise(std::string_view role, const std::vector<std::string>& blocks, bool from_user);
  void push(Message message);
  std::vector<Message> messages_;
  size_t size_bytes_ = 0;
  size_t counted_bytes_ = 0;
  size_t images_ = 0;
};

/// Image blocks in `block_json`, also those inside of a tool result.
size_t count_images(std::string_view block_json);

/// `block_json`'s bytes as counted_bytes() counts them.
size_t count_block_bytes(std::string_view block_json);

/// {"type":"text","text":…}
std::string text_block(std::string_view text);

/// The blocks of a message's content, which is a JSON string or an array of content blocks; none when it is
/// neither.
std::vector<std::string> content_blocks(std::string_view content_json);

}  // namespace awl::anthropic
