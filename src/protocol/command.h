// What a face asks of the engine. A closed set: the engine handles every one, and a face needs nothing else.
#pragma once

#include <string>
#include <variant>

namespace awl::protocol {

/// A message of the person. The engine answers each with its own SessionStarted … TurnEnded.
struct SendMessage {
  std::string content_json;  ///< a JSON string, or an array of content blocks, at least one
  std::string uuid;          ///< of the message, for the stream and the transcript
};

/// Puts a summary in the place of what came before a message of the person's. The engine answers it like a
/// message.
struct SumUpBefore {
  std::string message_uuid;
  std::string wishes;  ///< for the summary; empty: none
};

/// Ends the turn in progress; the conversation goes on with the next message.
struct Interrupt {
  bool drop_waiting = false;  ///< messages that no turn has taken up yet are forgotten
};

/// No further command follows: the engine ends after what is queued.
struct EndInput {};

using Command = std::variant<SendMessage, SumUpBefore, Interrupt, EndInput>;

}  // namespace awl::protocol
