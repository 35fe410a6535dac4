// The output formats of a headless run: one class each, in a file of its own. To add one: a make_…_output()
// here, its file, and its name in apps/cli/flag_values.cpp.
#pragma once

#include <memory>
#include <string>

#include "headless/byte_sink.h"
#include "protocol/event.h"

namespace awl::headless {

/// Hears of everything that the engine tells, in order.
class Output {
 public:
  virtual ~Output() = default;
  virtual void on_event(const protocol::Event& event) = 0;
  /// After the last event.
  virtual void finish() {}
};

/// What every JSON event says of its session.
struct SessionLabel {
  std::string session_id;
  std::string version;  ///< for claude_code_version
};

struct TextOptions {
  bool retries = true;   ///< a line on `err` for each
  bool verbose = false;  ///< tool calls, and what the turn took, on `err` too
};
/// The text of the last turn on `out`; notices on `err`.
std::unique_ptr<Output> make_text_output(ByteSink& out, ByteSink& err, TextOptions options);
/// One result object at the end; with `all_events` one array of every event.
std::unique_ptr<Output> make_json_output(ByteSink& out, SessionLabel label, bool all_events);

struct StreamJsonOptions {
  bool partial_messages = false;      ///< the model's stream events too
  bool replay_user_messages = false;  ///< each message of the person too, when it is taken up
  bool hook_events = false;           ///< the beginning and the end of every hook too
};
/// One JSON object a line, as things happen.
std::unique_ptr<Output> make_stream_json_output(ByteSink& out, SessionLabel label, StreamJsonOptions options);

}  // namespace awl::headless
