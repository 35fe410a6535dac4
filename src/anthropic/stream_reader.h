// Reads one answer: the bytes or events of a stream in, finished content blocks and events to an observer
// out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "anthropic/message_assembler.h"
#include "anthropic/model_answer.h"
#include "net/sse.h"

namespace awl::anthropic {

/// How far an answer came; decides what is done when it broke off.
enum class Progress {
  kNothing,       ///< no content block is complete
  kThinking,      ///< only thinking is complete
  kWorthKeeping,  ///< a text or a tool call is complete
  kComplete,      ///< nothing of the answer is missing
};

class StreamReader {
 public:
  static constexpr size_t kMaxEventBytes = 32 << 20;
  static constexpr size_t kMaxAnswerBytes = 128 << 20;  // as sent, with what events cost

  /// `observer` outlives the reader.
  explicit StreamReader(CallObserver& observer) : observer_(observer) {}

  /// The next bytes of a body of server-sent events. True when an event of the answer was among them; pings
  /// are none.
  bool feed(std::string_view bytes);
  /// The next event, as JSON.
  void feed_event(std::string_view data);
  /// No more follows: tool calls that are whole but for their end are completed.
  void end();

  /// Nothing more is to be read: the message ended, or an event was an error.
  bool done() const { return assembler_.finished() || error_.has_value(); }
  Progress progress() const;
  /// An error event, an event that cannot be, or too much of everything.
  const std::optional<Error>& error() const { return error_; }
  const MessageAssembler& assembler() const { return assembler_; }
  std::vector<ContentBlock>& blocks() { return blocks_; }
  /// The beginning of the body, for a person who wonders what it was.
  const std::string& first_bytes() const { return first_bytes_; }

 private:
  static constexpr size_t kFirstBytes = 200;
  void add(ContentBlock block);

  CallObserver& observer_;
  net::SseParser parser_{kMaxEventBytes};
  MessageAssembler assembler_;
  std::vector<ContentBlock> blocks_;
  std::optional<Error> error_;
  std::string first_bytes_;
  size_t answer_bytes_ = 0;
  bool saw_event_ = false;
};

}  // namespace awl::anthropic
