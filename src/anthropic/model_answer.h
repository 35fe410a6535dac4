// What a call to the model gives, and who watches it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "anthropic/api_error.h"
#include "anthropic/message_assembler.h"

namespace awl::anthropic {

/// Why an answer has no end.
enum class CutCause {
  kServer,      ///< the server reported an error in mid-answer
  kConnection,  ///< the connection was lost, or what came was no event stream any more
  kStalled,     ///< nothing came for longer than the idle limits allow
};

struct ModelAnswer {
  std::string message_id;
  std::string model;
  std::vector<ContentBlock> blocks;
  std::string stop_reason;
  StopDetails stop_details;
  TokenUsage usage;
  RequestIds ids;
  bool cut = false;  ///< the stream broke after at least one complete text or tool call: those are kept
  CutCause cut_cause = CutCause::kConnection;
  std::string cut_reason;

  std::vector<const ContentBlock*> tool_calls() const;
  /// The text blocks, a line break between two of them.
  std::string text() const;
};

struct RetryNotice {
  int attempt = 0;  ///< the retry that follows, from 1
  int max_retries = 0;
  std::chrono::milliseconds delay{};
  CallError cause;
};

/// Watches a call. Called on the loop's thread, while the answer is being read. An answer that did not come
/// as a stream is told as if it had.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  /// Each event of the stream, as it came. When an attempt broke off before it was worth keeping, the next
  /// one begins with a message_start of its own.
  virtual void on_stream_event(std::string_view event_json) = 0;
  /// Each content block when it is complete, just before the event that completes it. `assembler` knows the
  /// message that it belongs to.
  virtual void on_block(const ContentBlock& block, const MessageAssembler& assembler) = 0;
  virtual void on_retry(const RetryNotice& notice) = 0;
};

/// Of an answer that broke off, what the API accepts back: without thinking at the end, and without calls of
/// server tools whose results did not come.
void drop_loose_ends(std::vector<ContentBlock>& blocks);

/// The blocks as they go back to the API: without blank texts, and without thinking at the end, which it
/// refuses there. May be empty: no message is to be added then.
std::vector<std::string> sendable_blocks(const std::vector<ContentBlock>& blocks);

/// The last block of an answer that a limit ended, when it is a tool call: it is removed, because its input
/// may be cut. True when there was one.
bool drop_cut_call(std::vector<ContentBlock>& blocks);

}  // namespace awl::anthropic
